import Graphs
import Ops

/// `attention(heads, …)`: scaled dot-product attention in several heads, with linear layers `q k v o` around it.
package enum AttentionLayer: LayerWord {
  package static let name = "attention"
  package static let documentation =
    "Every place takes a weighted mean of what other places say, where the weights come from how well a query fits their keys."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("heads", .whole(atLeast: 1)),
    .optional("head_dim", .whole(atLeast: 1), "width/heads"),
    .optional("keys", .tensor, "the input", namedOnly: true),
    .optional("mask", .either([.tensor, .none]), "none", namedOnly: true),
    .optional("position", .either([.layer, .none]), "none", namedOnly: true),
    .optional("causal", .flag, "false", namedOnly: true),
    .optional("scale", .number(.positive), "1/sqrt(head_dim)", namedOnly: true),
    .optional("bias", .flag, "true", namedOnly: true),
    .optional("dropout", .number(.probability), "0", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    try expectSequence(input)
    let (places, width) = (input.type.shape[0], input.type.shape[1])
    let heads = arguments.whole("heads", else: 1)
    let memory = arguments.tensor("keys") ?? input
    if memory.type.rank != 2 || memory.type.element != .float32 {
      throw .argument("keys", reason: "must be f32[places, features], it is \(memory.type)")
    }
    let (keys, features) = (memory.type.shape[0], memory.type.shape[1])
    if arguments.whole("head_dim") == nil, width % heads != 0 {
      throw .argument("heads", reason: "must divide the width \(width), or `head_dim` be given")
    }
    let unit = arguments.whole("head_dim", else: width / heads)
    let inner = saturatingProduct([heads, unit])
    var form = AttentionForm(
      heads: heads, scale: arguments.number("scale", else: 1 / Double(unit).squareRoot()),
      isCausal: arguments.flag("causal", else: false))
    let query = try linear("q", input, inner, arguments, site)
    let key = try linear("k", memory, inner, arguments, site)
    let value = try linear("v", memory, inner, arguments, site)
    var operands = [query.value, key.value, value.value]
    if let position = arguments.layer("position") {
      guard let word = position.word as? any PositionWord.Type else {
        throw .argument(
          "position", reason: "must be a layer of positions such as `relative_bias`, not \(position.word.name)")
      }
      form.hasBias = true
      operands.append(
        try site.in(position) { () throws(WordError) in
          try word.bias(heads: heads, queries: places, keys: keys, position.arguments, site)
        })
    }
    if let mask = arguments.tensor("mask") {
      switch mask.type {
      case ExampleType(.bool, [keys]): form.mask = .keys
      case ExampleType(.bool, [places, keys]): form.mask = .pairs
      default:
        throw .argument("mask", reason: "must be bool[\(keys)] or bool[\(places), \(keys)], it is \(mask.type)")
      }
      operands.append(mask.value)
    }
    let probability = arguments.number("dropout", else: 0)
    let identifier = site.nextDropout()
    if probability > 0, site.mode == .training {
      form.dropout = RecurrentDropout(probability: probability, seed: site.seed, identifier: identifier)
      operands.append(try site.step())
    }
    let mixed = try site.add(Attention(form), operands)
    site.multiplyAdds =
      saturatingProduct([places, inner, saturatingSum(width, width)])
      &+ saturatingProduct([keys, inner, saturatingSum(features, features)])
      &+ saturatingProduct([places, inner, saturatingSum(keys, keys)])
    site.fallback = input.type
    return try linear("o", mixed, width, arguments, site)
  }

  private static func linear(
    _ name: String, _ input: Tensor, _ out: Int, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Tensor {
    let fans = WeightFans(fanIn: input.type.shape[1], fanOut: out)
    let weight = try site.parameter("\(name).weight", [out, input.type.shape[1]], fans: fans)
    let product = try site.add(Linear(), [input.value, weight])
    if !arguments.flag("bias", else: true) { return product }
    return try site.add(AddBias(axis: 2), [product.value, try site.parameter("\(name).bias", [out], fans: fans)])
  }
}

/// A sum that stays within 32 bits: sizes beyond are refused elsewhere.
private func saturatingSum(_ a: Int, _ b: Int) -> Int { min(a, 1 << 31) + min(b, 1 << 31) }

/// An input f32[places, features].
func expectSequence(_ input: Tensor) throws(WordError) {
  guard input.type.rank == 2 else { throw .rank(expected: [2], found: input.type, form: "[places, features]") }
  guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
}
