import Source
import Syntax
import Vocabulary

/// A `train` section whose paths of files are others: those that a copy of it needs in another folder.
struct RelocatedPaths {
  let text: String

  /// - Parameters:
  ///   - section: the text of the section.
  ///   - path: the new path for one that the section names.
  init(_ section: String, path: (String) -> String) {
    let source = SourceFile(path: "", text: section)
    let literals = parse(source).0.declarations.flatMap(RelocatedPaths.literals)
    var result: [UInt8] = []
    var position = 0
    for literal in literals.sorted(by: { $0.span.start < $1.span.start }) {
      let new = path(literal.value)
      // A text with one of these would need to be written otherwise than it is.
      guard new != literal.value, !new.contains(where: { $0 == "\"" || $0 == "\\" || $0.isNewline }) else { continue }
      result += source.bytes[position..<literal.span.start] + Array("\"\(new)\"".utf8)
      position = literal.span.end
    }
    text = String(decoding: result + source.bytes[position...], as: UTF8.self)
  }

  /// Words that read a file take its path first.
  private static let wordsWithPaths: Set<String> = Set(
    (dataSourceCatalogue.map { ($0.name, $0.schema) } + dataTransformCatalogue.map { ($0.name, $0.schema) }
      + ruleCatalogue.map { ($0.name, $0.schema) })
      .filter { $0.1.first?.kind == .text }.map(\.0))

  private static func literals(_ declaration: DeclarationSyntax) -> [StringSyntax] {
    guard case .train(let section) = declaration else { return [] }
    var calls: [CallSyntax] = []
    for case .setting(let setting) in section.body {
      if case .call(let call) = setting.value.head { calls.append(call) }
      for stage in setting.value.stages { if case .call(let call) = stage.kind { calls.append(call) } }
    }
    return calls.compactMap(literal)
  }

  private static func literal(_ call: CallSyntax) -> StringSyntax? {
    guard wordsWithPaths.contains(call.pathText),
      case .string(let literal)? = call.arguments?.arguments.first?.value.expression
    else { return nil }
    return literal
  }
}
