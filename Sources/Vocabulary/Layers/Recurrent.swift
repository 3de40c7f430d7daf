import Graphs
import KernelContract
import Ops

/// What the recurrent layers have in common.
let recurrentSchema: [ArgumentSchema] = [
  ArgumentSchema("width", .whole(atLeast: 1)),
  .optional("layers", .whole(atLeast: 1), "1", namedOnly: true),
  .optional("take", .choice(["last", "all"]), "last", namedOnly: true),
  .optional("bidirectional", .flag, "false", namedOnly: true),
  .optional("dropout", .number(.probability), "0", namedOnly: true),
  .optional("recurrent_dropout", .number(.probability), "0", namedOnly: true),
  .optional("mask", .either([.tensor, .none]), "none", namedOnly: true),
]

/// A recurrent layer over an input [t, features], with PyTorch's parameters: the state after the last step, or all of them.
///
/// `dropout` falls on the inputs of every layer; `recurrent_dropout` on the states that steps read, the same elements at all steps.
/// Where the mask is false, the state stays.
func recurrentLayer(
  _ cell: RecurrentCell, _ input: Tensor, _ arguments: Arguments, _ site: LayerSite
) throws(WordError) -> Tensor {
  let width = arguments.whole("width", else: 1)
  let layers = arguments.whole("layers", else: 1)
  let takesLast = arguments.text("take") != "all"
  let directions = arguments.flag("bidirectional", else: false) ? [false, true] : [false]
  let features = saturatingProduct([width, directions.count])
  site.fallback = ExampleType(.float32, takesLast ? [features] : [input.type.shape.first ?? 1, features])
  site.remedy = { wanted in
    takesLast ? (wanted.rank == 2 ? "take=all" : nil) : (wanted.rank == 1 ? "take=last" : nil)
  }
  guard input.type.rank == 2 else { throw .rank(expected: [2], found: input.type, form: "[steps, features]") }
  guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
  let steps = input.type.shape[0]
  let mask = arguments.tensor("mask")
  if let mask, mask.type != ExampleType(.bool, [steps]) {
    throw .argument("mask", reason: "must be bool[\(steps)], a flag for each step; it is \(mask.type)")
  }
  var result = input
  for layer in 0..<layers {
    result = try dropped(result, arguments.number("dropout", else: 0), site)
    let inputs = result.type.shape[1]
    var outputs: [Tensor] = []
    for isReversed in directions {
      let suffix = "_l\(layer)" + (isReversed ? "_reverse" : "")
      let rows = saturatingProduct([cell.gates, width])
      let initial = Initializer.uniform(bound: 1 / Double(width).squareRoot())
      func parameter(_ name: String, _ shape: [Int]) throws(WordError) -> Value {
        try site.parameter(
          name + suffix, shape, fans: WeightFans(fanIn: shape.last ?? 1, fanOut: rows), initializer: initial)
      }
      let inputWeight = try parameter("weight_ih", [rows, inputs])
      let stateWeight = try parameter("weight_hh", [rows, width])
      let inputBias = try parameter("bias_ih", [rows])
      let stateBias = try parameter("bias_hh", [rows])
      var form = RecurrenceForm(cell, isReversed: isReversed, hasMask: mask != nil)
      form.dropout = recurrentDropout(arguments, site)
      let product = try site.add(Linear(), [result.value, inputWeight])
      let gates = try site.add(AddBias(axis: 2), [product.value, inputBias])
      var operands = [gates.value, stateWeight, stateBias]
      if let mask { operands.append(mask.value) }
      if form.dropout != nil { operands.append(try site.step()) }
      let record = try site.addScalar(Recurrence(form), operands)
      let output = RecurrenceOutput(form, takesLast: takesLast && layer == layers - 1)
      outputs.append(try site.add(output, operands + [record]))
      site.multiplyAdds += saturatingProduct([steps, rows, inputs + width])
    }
    result = outputs[0]
    if outputs.count > 1 {
      result = try site.add(Concat(axis: outputs[0].type.rank), outputs.map(\.value))
    }
  }
  return result
}

private func recurrentDropout(_ arguments: Arguments, _ site: LayerSite) -> RecurrentDropout? {
  let probability = arguments.number("recurrent_dropout", else: 0)
  let identifier = site.nextDropout()
  if probability == 0 || site.mode == .evaluation { return nil }
  return RecurrentDropout(probability: probability, seed: site.seed, identifier: identifier)
}

/// The tensor through a dropout, in training.
func dropped(_ input: Tensor, _ probability: Double, _ site: LayerSite) throws(WordError) -> Tensor {
  let identifier = site.nextDropout()
  if probability == 0 || site.mode == .evaluation { return input }
  let dropout = Dropout(probability: probability, seed: site.seed, identifier: identifier)
  return try site.add(dropout, [input.value, try site.step()])
}
