/// What is wrong with a file or with a description of data, as facts in words: which file, where in it, what is wrong, what helps.
package struct DataError: Error, Hashable, Sendable {
  /// Decides the exit status of the command line.
  package enum Kind: Hashable, Sendable {
    /// A file that should be read is missing, a folder, or forbidden.
    case noInput
    /// The file can be read and its content is wrong, or does not fit what the net declares.
    case badData
    /// An output cannot be created.
    case cannotCreate
    /// Reading or writing failed half way: disk full, device error.
    case inputOutput
    /// The `.net` text asks for what cannot be done: a source that is not supported yet, a batch larger than the data.
    case description
  }

  /// A place in a file.
  package enum Position: Hashable, Sendable {
    /// A byte offset, from 0.
    case byte(Int)
    /// A line of text, from 1, and the title or number of a column.
    case line(Int, column: String? = nil)
    /// An example, from 0 as array indices are.
    case example(Int)
    /// A text of a command line, from 0; people count from 1.
    case text(Int)
  }

  package var kind: Kind
  package var path: String?
  package var position: Position?
  /// What is wrong: what was expected, what was found.
  package var problem: String
  /// What the person can do about it.
  package var help: String?

  package init(_ kind: Kind, _ path: String?, at position: Position? = nil, _ problem: String, help: String? = nil) {
    self.kind = kind
    self.path = path
    self.position = position
    self.problem = problem
    self.help = help
  }

  /// The exit status of `sysexits.h` for this kind of error; 1 for a mistake in the `.net` text.
  package var exitStatus: Int32 {
    switch kind {
    case .noInput: 66
    case .badData: 65
    case .cannotCreate: 73
    case .inputOutput: 74
    case .description: 1
    }
  }

  /// One line without the help: `flowers.csv:17: column `width`: expected a number, got `wide``.
  package var message: String {
    var text = path.map { $0 + ":" } ?? ""
    let space = text.isEmpty ? "" : " "
    switch position {
    case .byte(let offset): text += "\(space)at byte \(offset):"
    case .line(let line, let column):
      text += "\(line):"
      if let column { text += " column `\(column)`:" }
    case .example(let index): text += "\(space)example \(index):"
    case .text(let index): text += "\(space)text \(index + 1):"
    case nil: break
    }
    return text.isEmpty ? problem : text + " " + problem
  }
}

extension DataError: CustomStringConvertible {
  package var description: String { help.map { "\(message) (\($0))" } ?? message }
}

extension DataError {
  /// Text out of a file, fit for a message: at most 40 characters, in backticks, nothing that a terminal would obey.
  package static func quoted(_ text: some StringProtocol) -> String {
    var result = "`"
    for scalar in text.unicodeScalars.prefix(40) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + (text.unicodeScalars.dropFirst(40).isEmpty ? "`" : "...`")
  }

  /// A shape as the language writes it, such as `[1, 28, 28]`; nothing for a scalar.
  package static func written(_ shape: [Int]) -> String {
    shape.isEmpty ? "" : "[" + shape.map(String.init).joined(separator: ", ") + "]"
  }
}
