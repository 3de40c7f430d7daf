import Graphs
import Ops

/// `linear(out, …)`: `torch.nn.Linear` on the last axis.
package enum LinearLayer: LayerWord {
  package static let name = "linear"
  package static let documentation = "Every output is a weighted sum of all inputs; works on the last axis."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("out", .whole(atLeast: 1)),
    .optional("inputs", .whole(atLeast: 1), "the size of the input's last axis", namedOnly: true),
    .optional("init", .initializer, "the setting `init`, or uniform within 1/sqrt(fan_in)", namedOnly: true),
    .optional("bias", .flag, "true", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    guard let inputs = input.type.shape.last else {
      throw .rank(expected: [1, 2, 3], found: input.type, form: "[…, features]")
    }
    let out = arguments.whole("out", else: 1)
    site.fallback = ExampleType(.float32, input.type.shape.dropLast() + [out])
    if let stated = arguments.whole("inputs"), stated != inputs {
      throw .statedSize(argument: "inputs", what: "input features", stated: stated, found: inputs)
    }
    let fans = WeightFans(fanIn: inputs, fanOut: out)
    let weight = try site.parameter(
      "weight", [out, inputs], fans: fans, override: arguments.initializer("init", fans))
    var result = try site.add(Linear(), [input.value, weight])
    if arguments.flag("bias", else: true) {
      let bias = try site.parameter("bias", [out], fans: fans)
      result = try site.add(AddBias(axis: input.type.rank), [result.value, bias])
    }
    site.multiplyAdds = saturatingProduct(input.type.shape + [out])
    return result
  }
}
