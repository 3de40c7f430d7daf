/// Programs that parse and mean nothing, with names and lists of all lengths.
struct RandomProgram {
  private var dice: Dice

  static func text(_ seed: UInt64) -> String {
    var program = RandomProgram(dice: Dice(seed))
    return (0...program.dice.roll(4)).map { _ in program.declaration() }.joined(
      separator: program.dice.pick(["\n", "\n\n", "\n\n\n\n"]))
  }

  private mutating func many(_ limit: Int, _ separator: String, _ element: (inout RandomProgram) -> String) -> String {
    (0...dice.roll(limit)).map { _ in element(&self) }.joined(separator: separator)
  }

  private mutating func name() -> String {
    dice.pick(["x", "main", "a_rather_long_name_for_a_layer", "conv1", "if_", "N", "relative_position"])
  }

  private mutating func declaration() -> String {
    switch dice.roll(5) {
    case 0: return "const \(name()) = \(expression(3))"
    case 1: return "import \"a b.net\""
    case 2:
      let body = many(4, "\n") { "  " + $0.setting() }
      return "train \(name())\(dice.roll(2) == 0 ? "(\(arguments(2)))" : "") {\n\(body)\n}"
    default:
      let parameters = dice.roll(2) == 0 ? "(" + many(7, ", ") { $0.parameter() } + ")" : ""
      if dice.roll(4) == 0 { return "net \(name())\(parameters) { \(statement(2)) }" }
      return "block \(name())\(parameters) {\n" + many(5, dice.pick(["\n", "\n\n"])) { $0.statement(3) } + "\n}"
    }
  }

  private mutating func parameter() -> String {
    dice.pick([name(), "\(name()): layer", "\(name()) = \(expression(1))", "\(name()): tensor = none"])
  }

  private mutating func setting() -> String {
    dice.roll(4) == 0 ? "target \(name()): \(type())" : "\(name()) = \(flow(3))"
  }

  private mutating func statement(_ depth: Int) -> String {
    switch dice.roll(6) {
    case 0: "input \(name()): \(type())"
    case 1: "output \(name()): \(type()) = \(flow(depth))"
    case 2: "layer \(name()): \(call(depth))"
    case 3: "assert \(expression(2)), \"because \\\"so\\\"\""
    default: "\(name()) = \(flow(depth))"
    }
  }

  private mutating func type() -> String {
    dice.pick([
      "f32", "bool[\(size())]", "index(\(size()))[\(size()), 3]", "f32[]", "f32[\(many(20, ", ") { $0.size() })]",
    ])
  }

  private mutating func size() -> String { dice.pick(["3", "x", "width", "2 * x", "(x + 1)", "ceil(height / 2)"]) }

  private mutating func flow(_ depth: Int) -> String {
    let stages = dice.roll(3) == 0 ? 0 : dice.roll(8)
    return expression(depth) + (0..<stages).map { _ in dice.pick([" -> ", "\n    -> "]) + stage(depth - 1) }.joined()
  }

  private mutating func stage(_ depth: Int) -> String {
    let label = dice.pick(["", "", "conv1: ", "\"0\": ", "stage{i}: "])
    guard depth > 0 else { return label + call(0) }
    switch dice.roll(8) {
    case 0: return "\(label){ \(stages(depth)) }"
    case 1: return "\(label)repeat \(expression(1)) { \(stages(depth)) }"
    case 2: return "\(label)for a, b in \(expression(1)) { \(stages(depth)) }"
    case 3: return "\(label)if \(expression(1)) { \(stages(depth)) } else if x { relu } else { \(stages(depth)) }"
    default: return label + call(depth)
    }
  }

  private mutating func stages(_ depth: Int) -> String { many(4, " -> ") { $0.stage(depth - 1) } }

  private mutating func call(_ depth: Int) -> String {
    switch dice.roll(4) {
    case 0: name()
    case 1: "\(name()).\(name())"
    default: "\(name())(\(arguments(depth)))"
    }
  }

  private mutating func arguments(_ depth: Int) -> String {
    many(5, ", ") { program in
      let value = depth > 0 && program.dice.roll(5) == 0 ? program.flow(depth - 1) : program.expression(depth - 1)
      return program.dice.pick(["", "stride=", "for="]) + value
    }
  }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0 else {
      return dice.pick(["1", "0.5", "5e-4", "x", "30 epochs", "1 step", "true", "none", "\"text\"", "width"])
    }
    switch dice.roll(11) {
    case 0: return "(\(flow(depth - 1)))"
    case 1: return "[" + many(9, ", ") { $0.expression(depth - 1) } + "]"
    case 2: return "(\(expression(depth - 1)), \(flow(depth - 1)))"
    case 3: return "if \(expression(depth - 1)) then \(expression(depth - 1)) else \(expression(depth - 1))"
    case 4: return "-\(expression(0)) ** \(expression(0))"
    case 5: return "not \(name())"
    case 6: return "(\(expression(depth - 1)) == \(expression(0)))"
    case 7, 8: return many(3, dice.pick([" + ", " - ", " * ", " // "])) { $0.operand(depth - 1) }
    default: return call(depth - 1)
    }
  }

  private mutating func operand(_ depth: Int) -> String {
    depth > 0 && dice.roll(2) == 0 ? "(\(flow(depth - 1)))" : call(depth - 1)
  }
}
