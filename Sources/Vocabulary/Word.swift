/// A word of the language: what a user may write, with the arguments it takes. One file per word and one line in `Catalogue.swift`.
package protocol Word: Sendable {
  /// The word as it is written.
  static var name: String { get }
  /// One sentence for hovers, completions and the reference.
  static var documentation: String { get }
  /// The arguments, positional ones first, in order.
  static var schema: [ArgumentSchema] { get }
  /// What arguments of other names may be, each named after an input or target of the net; nil where there are none.
  static var namedTensors: ArgumentKind? { get }
}

extension Word {
  package static var namedTensors: ArgumentKind? { nil }
}

/// One argument of a word. Binding the arguments of a call against a schema is done once, for every word.
package struct ArgumentSchema: Sendable {
  package enum Presence: Hashable, Sendable {
    case required
    /// May be left out; the text says what it is then, for the reference.
    case optional(String)
  }

  package var name: String
  package var kind: ArgumentKind
  package var presence: Presence
  /// Whether it can be given by name only.
  package var isNamedOnly: Bool
  /// Whether it takes every further positional argument.
  package var isRepeated: Bool

  package init(
    _ name: String, _ kind: ArgumentKind, _ presence: Presence = .required, namedOnly: Bool = false,
    repeated: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.presence = presence
    isNamedOnly = namedOnly
    isRepeated = repeated
  }

  /// An argument that may be left out; `text` says what it is then.
  package static func optional(
    _ name: String, _ kind: ArgumentKind, _ text: String, namedOnly: Bool = false, repeated: Bool = false
  ) -> ArgumentSchema {
    ArgumentSchema(name, kind, .optional(text), namedOnly: namedOnly, repeated: repeated)
  }
}

/// What may be passed for an argument.
package indirect enum ArgumentKind: Hashable, Sendable {
  /// A whole number of at least this.
  case whole(atLeast: Int)
  /// A number within the bounds.
  case number(Bounds)
  case flag
  case text
  /// One of these bare words.
  case choice([String])
  /// A bare word, a string, or a whole number where `numbers` says so: a class, a column, a tensor, `val.loss`.
  case name(numbers: Bool)
  /// `[…]` or `(…)` of the kind, with as many elements as the range allows.
  case list(ArgumentKind, count: ClosedRange<Int>)
  /// A length of training: a number with a unit, or steps.
  case span
  /// A tensor of the net.
  case tensor
  /// A layer that is declared by `layer`.
  case layer
  /// The first values of weights.
  case initializer
  /// The first that fits.
  case either([ArgumentKind])
  case none

  /// Which numbers are allowed.
  package enum Bounds: Hashable, Sendable {
    case any
    case positive
    case notNegative
    /// 0 ≤ x < 1
    case probability
    /// 0 < x < 1
    case fraction
    /// 0 ≤ x ≤ 1
    case unit

    package func contains(_ number: Double) -> Bool {
      switch self {
      case .any: true
      case .positive: number > 0
      case .notNegative: number >= 0
      case .probability: number >= 0 && number < 1
      case .fraction: number > 0 && number < 1
      case .unit: number >= 0 && number <= 1
      }
    }
  }

  /// One whole number of at least this, or one for height and one for width.
  package static func pair(atLeast minimum: Int) -> ArgumentKind {
    .either([.whole(atLeast: minimum), .list(.whole(atLeast: minimum), count: 1...2)])
  }

  /// A list of any length.
  package static func list(_ kind: ArgumentKind) -> ArgumentKind { .list(kind, count: 0...Int.max) }

  /// A name of a tensor, a column or a class.
  package static let name = ArgumentKind.name(numbers: false)

  package static let number = ArgumentKind.number(.any)
}

extension ArgumentKind: CustomStringConvertible {
  /// The kind after "must be": `a whole number of at least 1`.
  package var description: String {
    switch self {
    case .whole(let minimum): minimum == Int.min ? "a whole number" : "a whole number of at least \(minimum)"
    case .number(.any): "a number"
    case .number(.positive): "a number above 0"
    case .number(.notNegative): "a number of at least 0"
    case .number(.probability): "a number from 0 to below 1"
    case .number(.fraction): "a number between 0 and 1"
    case .number(.unit): "a number from 0 to 1"
    case .flag: "`true` or `false`"
    case .text: "a string"
    case .choice(let words): ArgumentKind.alternatives(words.map { "`\($0)`" })
    case .name(let numbers): numbers ? "a name or a position" : "a name"
    case .list(let kind, let count):
      count.upperBound == Int.max
        ? "a list, each element \(kind)" : "a list of \(ArgumentKind.text(count)), each \(kind)"
    case .span: "a length such as `5 epochs` or `1000 steps`"
    case .tensor: "a tensor"
    case .layer: "a layer that is declared by `layer`"
    case .initializer: "an initialiser"
    case .either(let kinds):
      // One number for each axis is the common case, and said in few words.
      if case .whole? = kinds.first, kinds.count == 2, case .list(.whole, 1...2) = kinds[1] {
        "\(kinds[0]), or two of them in [ ]"
      } else {
        ArgumentKind.alternatives(kinds.map(\.description))
      }
    case .none: "`none`"
    }
  }

  private static func text(_ count: ClosedRange<Int>) -> String {
    count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
  }

  /// `a, b or c`.
  private static func alternatives(_ texts: [String]) -> String {
    guard let last = texts.last, texts.count > 1 else { return texts.first ?? "" }
    return texts.dropLast().joined(separator: ", ") + " or " + last
  }
}
