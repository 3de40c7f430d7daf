import Datasets
import Driver
import Formatting
import Semantics
import Source

/// A `.net` file, read and checked.
struct CheckedFile {
  let path: String
  private(set) var bytes: [UInt8]
  private(set) var compilation: Compilation
  private let overrides: [SettingOverride]
  /// The folder that the file's relative paths are seen from.
  let folder: String

  /// No net that people write comes near this size.
  static let largestFile = 64 << 20

  /// Reads the file; throws when it cannot be read. Mistakes in its text are in `compilation`.
  /// - Parameter folder: where its relative paths are seen from, for a copy that stands elsewhere.
  init(
    _ path: String, overrides: [SettingOverride] = [], isObserving: Bool = false, folder: String? = nil
  ) throws(Failure) {
    self.path = path
    self.overrides = overrides
    let place = folder ?? AtomicFile.folder(of: path)
    self.folder = place
    bytes = try CheckedFile.read(path)
    compilation = Compilation(
      SourceFile(path: path, bytes: bytes), overrides: overrides, isObserving: isObserving
    ) { CheckedFile.imported($0, $1, main: path, in: place) }
  }

  /// The bytes of a `.net` file.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    do {
      let file = try InputFile(path)
      guard file.size <= CheckedFile.largestFile else {
        throw Failure(.badData, "\(path): is \(NumberFormat.bytes(file.size)) large, too large for a .net file")
      }
      return try file.bytes()
    } catch let error as DataError {
      throw Failure(error)
    } catch let failure as Failure {
      throw failure
    } catch { throw Failure(.internalError, "\(path): \(error)") }
  }

  /// Writes a file anew, whole or not at all; refuses one that is write-protected, although its folder would let it be replaced.
  static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    guard FolderListing.isWritable(path) else {
      throw Failure(.cannotCreate, "\(path): is write-protected; nothing was written")
    }
    do throws(DataError) {
      var file = try AtomicFile(path)
      try file.write(bytes)
      try file.commit()
    } catch { throw Failure(error) }
  }

  /// Applies the sure fixes and writes the file, whole or not at all; gives what was changed.
  mutating func repair() throws(Failure) -> [Repair.Change] {
    let (path, folder) = (path, folder)
    let repair = Repair(compilation, overrides: overrides) { CheckedFile.imported($0, $1, main: path, in: folder) }
    guard !repair.changes.isEmpty else { return [] }
    guard try CheckedFile.read(path) == bytes else {
      throw Failure(.inputOutput, "\(path): changed while it was being checked; nothing was written")
    }
    let repaired = Array(repair.compilation.file.bytes)
    try CheckedFile.replace(path, with: repaired)
    bytes = repaired
    compilation = repair.compilation
    return repair.changes
  }

  /// The file that `importer` imports by a path relative to its own folder; that of the file at `main` is `folder`, unless the file stands
  /// beside it, as runs keep what they import.
  private static func imported(
    _ path: String, _ importer: SourceFile, main: String, in folder: String
  ) -> ImportedFile {
    // A run keeps copies of what it imports beside itself, under names of their own.
    let isMain = importer.path == main && !InputFile.exists(resolved(path, main))
    let base = isMain ? folder : AtomicFile.folder(of: importer.path)
    let place = simplified(InputFile.resolve(path, in: base))
    let found = imported(place)
    guard case .failure(let reason, _) = found, !InputFile.exists(place) else { return found }
    return .failure(reason, near: near(path, importer.path, in: base))
  }

  /// The path, seen from a file in `folder`, of a file that was probably meant by `path`: one of that name elsewhere below the folder, or
  /// of a similar name.
  private static func near(_ path: String, _ importer: String, in folder: String) -> String? {
    // No path that somebody meant is as long.
    guard path.utf8.count <= 256 else { return nil }
    func listed(_ folder: String, _ prefix: String) -> [String] {
      FolderListing.files(below: folder, suffix: ".net", limit: 1000).compactMap { file in
        guard simplified(file) != simplified(importer), file.hasPrefix(folder + "/") else { return nil }
        return prefix + file.dropFirst(folder.count + 1)
      }
    }
    func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
    let beside = path.contains("/") ? AtomicFile.folder(of: path) : nil
    let candidates =
      listed(folder, "") + (beside.map { listed(simplified(InputFile.resolve($0, in: folder)), $0 + "/") } ?? [])
    let wanted = name(path)
    return candidates.first { name($0) == wanted || name($0) == wanted + ".net" }
      ?? closestSpelling(of: path, among: candidates)
  }

  /// A text that stands in for the file's, with the files that it imports.
  func bundled(_ text: String) -> BundledImports {
    let (path, folder) = (path, folder)
    return BundledImports(text, of: compilation.file) { CheckedFile.imported($0, $1, main: path, in: folder) }
  }

  /// The path that `path` means in the file at `importer`.
  static func resolved(_ path: String, _ importer: String) -> String {
    simplified(InputFile.resolve(path, in: AtomicFile.folder(of: importer)))
  }

  /// The `.net` file at `path`.
  static func imported(_ path: String) -> ImportedFile {
    do {
      let file = try InputFile(path)
      guard file.size <= largestFile else { return .failure("it is \(NumberFormat.bytes(file.size)) large") }
      return .file(SourceFile(path: path, bytes: try file.bytes()))
    } catch {
      // The path is in the message of the import already.
      let prefix = "\(path): "
      let reason = error.message.hasPrefix(prefix) ? String(error.message.dropFirst(prefix.count)) : error.message
      return .failure(reason.hasPrefix("is ") ? "it \(reason)" : reason)
    }
  }

  /// A path without `.` and, where the folder before it is named, `..`: a file then has one path, however it is imported.
  private static func simplified(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.utf8.first == UInt8(ascii: "/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// The text of each line without blanks around it; none where lines may be those of an imported file.
  var lines: [String] {
    let file = compilation.file
    let lines = (1...max(1, file.lineStarts.count)).map { number in
      let range = file.lineRange(number)
      let text = file.span(range.lowerBound, range.upperBound).text.drop { $0 == " " || $0 == "\t" }
      return String(text.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
    }
    return lines.contains { $0.hasPrefix("import ") } ? [] : lines
  }

  /// Prints errors and warnings on standard error; throws when there are errors. After a repair it is said why fixes are left.
  func report(afterRepair: Bool = false) throws(Failure) {
    if !compilation.diagnostics.isEmpty {
      Terminal.note(
        DiagnosticRenderer(isColoured: Terminal.colours, isAfterRepair: afterRepair)
          .text(compilation.diagnostics, hidden: compilation.hidden))
      if afterRepair, compilation.diagnostics.contains(where: \.hasFix) {
        Terminal.note(
          "--fix applies only what leaves no doubt; the fixes that are left are for you to choose, in an editor\n")
      }
    }
    if compilation.hasErrors { throw Failure(.diagnostics, "") }
  }

  /// Prints the file with shapes, of `net` where one is named, and then what is wrong with it.
  func printAnnotated(_ net: String?) throws(Failure) {
    if let net, !compilation.observedNets.contains(net) {
      let names = compilation.observedNets
      let close = closestSpelling(of: net, among: names).map { "; did you mean `\($0)`?" } ?? ""
      throw Failure(
        .usage, "\(path): there is no net `\(net)` whose shapes are known\(close)",
        help: names.isEmpty ? nil : "the file has \(names.joined(separator: ", "))")
    }
    let text = compilation.annotated(net: net)
    if case .formatted(let formatted) = format(SourceFile(path: path, text: text)) {
      Terminal.result(formatted)
    } else {
      Terminal.result(text)
    }
    try report()
  }
}
