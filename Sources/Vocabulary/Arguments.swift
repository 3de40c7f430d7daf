import Graphs

/// The arguments of one call, evaluated and checked against the schema of its word.
package struct Arguments {
  /// By name; a repeated argument is a list. What was left out is not there.
  package var values: [String: ArgumentValue]
  /// Arguments named after tensors, in order, where the word takes them.
  package var namedTensors: [(name: String, value: ArgumentValue)]

  package init(values: [String: ArgumentValue] = [:], namedTensors: [(name: String, value: ArgumentValue)] = []) {
    self.values = values
    self.namedTensors = namedTensors
  }

  package func has(_ name: String) -> Bool { values[name] != nil }

  package func whole(_ name: String) -> Int? { values[name]?.whole }

  package func whole(_ name: String, else other: Int) -> Int { values[name]?.whole ?? other }

  package func number(_ name: String) -> Double? { values[name]?.number }

  package func number(_ name: String, else other: Double) -> Double { values[name]?.number ?? other }

  package func flag(_ name: String, else other: Bool) -> Bool {
    if case .flag(let flag)? = values[name] { flag } else { other }
  }

  /// The text of a string, a choice or a name.
  package func text(_ name: String) -> String? { values[name]?.text }

  package func span(_ name: String) -> TrainingSpan? {
    if case .span(let span)? = values[name] { span } else { nil }
  }

  package func tensor(_ name: String) -> Tensor? {
    if case .tensor(let tensor)? = values[name] { tensor } else { nil }
  }

  /// The distribution that the argument gives a weight.
  package func initializer(_ name: String, _ fans: WeightFans) -> Initializer? {
    if case .initializer(let initializer)? = values[name] { initializer(fans) } else { nil }
  }

  package func layer(_ name: String) -> DeclaredLayer? {
    if case .layer(let layer)? = values[name] { layer } else { nil }
  }

  /// The tensors of a list.
  package func tensors(_ name: String) -> [Tensor] {
    (list(name) ?? []).compactMap { if case .tensor(let tensor) = $0 { tensor } else { nil } }
  }

  package func list(_ name: String) -> [ArgumentValue]? {
    if case .list(let list)? = values[name] { list } else { nil }
  }

  /// The numbers of a list.
  package func numbers(_ name: String) -> [Double]? { list(name)?.compactMap(\.number) }

  /// The texts of a list; empty when it was left out.
  package func texts(_ name: String) -> [String] { list(name)?.compactMap(\.text) ?? [] }

  /// One number for each of `rank` axes, from a number or a list of one or `rank`; nil when it was left out or has another length.
  package func perAxis(_ name: String, rank: Int) -> [Int]? {
    if let whole = whole(name) { return [Int](repeating: whole, count: rank) }
    guard let wholes = list(name)?.compactMap(\.whole) else { return nil }
    return wholes.count == rank ? wholes : nil
  }
}

/// The value of an argument.
package indirect enum ArgumentValue {
  case whole(Int)
  case number(Double)
  case flag(Bool)
  case text(String)
  case list([ArgumentValue])
  case span(TrainingSpan)
  case tensor(Tensor)
  case layer(DeclaredLayer)
  /// The distribution of a weight's first values.
  case initializer((WeightFans) -> Initializer?)
  case none

  package var whole: Int? { if case .whole(let whole) = self { whole } else { nil } }

  package var number: Double? {
    switch self {
    case .whole(let whole): Double(whole)
    case .number(let number): number
    default: nil
    }
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
}
