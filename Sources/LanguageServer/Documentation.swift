import Semantics
import Syntax
import Vocabulary

/// What editors show about words of the language.
enum Documentation {
  /// The reserved words.
  static func keyword(_ kind: TokenKind) -> String? {
    switch kind {
    case .net: "`net Name(parameters) { … }` describes a network."
    case .block: "`block name(parameters) { … }` is a net without training that other nets use as a layer."
    case .train: "`train Net(parameters) { … }` says how a net is trained."
    case .const: "`const name = value` names a value of compile time."
    case .import: "`import \"file.net\"` brings in the nets, blocks and constants of another file."
    case .input: "`input name: type` is a tensor that comes in. In a block it binds the names among its dimensions."
    case .output: "`output name = flow` is what comes out; `output name: type = flow` also promises its shape."
    case .layer: "`layer name: call` declares weights that several places may use."
    case .assert: "`assert condition, \"message\"` is checked when the net is built."
    case .target: "`target name: type` is what the outputs of the net are compared with."
    case .repeat: "`repeat n { … }` passes through the stages n times, with new weights each time."
    case .for: "`for name in list { … }` passes through the stages once for each element, with new weights each time."
    case .if: "`if c then a else b` is a value; `if c { … } else { … }` is a stage. Decided when the net is built."
    case .none: "Stands for what is not there."
    default: nil
    }
  }

  /// The element of a type.
  static func element(_ name: String) -> String? {
    switch name {
    case "f32": "`f32[3, 32, 32]` are numbers of 32 bits, in the shape of one example; `f32` alone is one number."
    case "index": "`index(n)` is a whole number from 0 to n - 1, a class or a word; `index(n)[20]` are 20 of them."
    case "bool": "`bool` is true or false."
    default: nil
    }
  }

  /// `conv(out, kernel, stride=1, …)`.
  static func signature(_ word: any Word.Type) -> String {
    if word.schema.isEmpty { return word.name }
    let arguments = word.schema.map { argument in
      switch argument.presence {
      case .required: argument.name + (argument.isRepeated ? ", …" : "")
      case .optional(let text):
        argument.isRepeated ? "\(argument.name), …" : "\(argument.name)=\(text.contains(" ") ? "…" : text)"
      }
    }
    return "\(word.name)(\(arguments.joined(separator: ", ")))"
  }

  /// A word with its arguments, as Markdown.
  static func markdown(_ word: any Word.Type) -> String {
    var text = code(signature(word)) + word.documentation
    if !word.schema.isEmpty {
      text += "\n\n" + word.schema.map { "- " + line($0) }.joined(separator: "\n")
    }
    return text
  }

  /// An argument on one line.
  static func line(_ argument: ArgumentSchema) -> String {
    let presence: String
    switch argument.presence {
    case .required: presence = ""
    case .optional(let text): presence = "; \(text.contains(" ") ? text : "`\(text)`") when left out"
    }
    return "`\(argument.name)`: \(argument.kind)\(presence)"
  }

  /// Markdown with one blank line between the parts that are not empty.
  static func paragraphs(_ parts: String...) -> String {
    parts.map { part in
      var text = part[...]
      while text.last == "\n" { text.removeLast() }
      return String(text)
    }.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  static func code(_ text: String) -> String { "```net\n\(text)\n```\n" }
}
