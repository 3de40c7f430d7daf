import Source
import Syntax
import Vocabulary

/// Failing sizes solved backwards, for the sizes of the input that would satisfy them.
extension Elaborator {
  /// "9216 = 256 * 6 * 6; `pool3` is 6 x 6 when `image` is 223 to 254 pixels": how a stated number of features could come about.
  func inputHelp(features: Int, _ chain: ChainStep?) -> [Diagnostic.Help] {
    var step = chain
    while let current = step, current.keepsShape || current.type.rank == 1 { step = current.previous }
    guard let image = step, let channels = image.type.shape.first, image.previous != nil else { return [] }
    guard features % channels == 0 else {
      return [.init("\(features) is not a multiple of the \(channels) channels of `\(image.name)`")]
    }
    let positions = features / channels
    if image.type.rank == 2 {
      return solved(
        image, axis: 0, positions, "\(features) = \(channels) * \(positions); `\(image.name)` is \(positions) long")
    }
    guard image.type.rank == 3 else { return [] }
    let (height, width) = (image.type.shape[1], image.type.shape[2])
    let side = Int(Double(positions).squareRoot().rounded())
    if height == width {
      let product = "\(features) = \(channels) * \(side) * \(side); `\(image.name)` is \(side) x \(side)"
      return side * side == positions ? solved(image, axis: nil, side, product) : []
    }
    guard positions % width == 0 else { return [] }
    let product =
      "\(features) = \(channels) * \(positions / width) * \(width); `\(image.name)` is \(positions / width) x \(width)"
    return solved(image, axis: 0, positions / width, product)
  }

  private func solved(_ step: ChainStep, axis: Int?, _ extent: Int, _ text: String) -> [Diagnostic.Help] {
    guard let (input, sizes) = inputs(of: step, axis: axis ?? 0, isSquare: axis == nil, where: { $0 == extent }),
      let first = sizes.first, let last = sizes.last
    else {
      let shape = step.type.shape.dropFirst().map(String.init).joined(separator: " x ")
      return [.init("\(text), not \(shape)")]
    }
    return [.init("\(text) when \(condition(input, first, first == last ? nil : last, axis: axis))")]
  }

  /// "it fits when `image` is at least 12 x 12 pixels": the least input for which the last step of a chain has `extent` positions.
  func inputHelp(atLeast extent: Int, _ axis: String, _ chain: ChainStep?) -> [Diagnostic.Help] {
    guard let chain, chain.type.rank == 2 || chain.type.rank == 3 else { return [] }
    let number = axis == "width" ? 1 : 0
    let isSquare = chain.type.rank == 3 && chain.type.shape[1] == chain.type.shape[2]
    guard let (input, sizes) = inputs(of: chain, axis: number, isSquare: isSquare, where: { $0 >= extent }),
      let first = sizes.first
    else { return [] }
    leastSize = leastSize ?? first
    guard let least = leastThrough(input, axis: isSquare ? nil : number, from: first) else { return [] }
    return [.init("it fits when \(condition(input, least, Int.max, axis: isSquare ? nil : number))")]
  }

  /// The least size of an input, from `first` on, with which every window of the net fits: the net is tried with it, since a later layer may
  /// need more. nil where none is found; `first` where the net is too large to be tried.
  private func leastThrough(_ input: ChainStep, axis: Int?, from first: Int) -> Int? {
    guard !isTrial, let net, let rootFrame, site.builder.graph.nodes.count < 2000, trials < 2 else { return first }
    trials += 1
    var size = first
    for _ in 0..<8 {
      var shape = input.type.shape
      if let axis { shape[axis + 1] = size } else { (shape[1], shape[2]) = (size, size) }
      let trial = trial(of: net, rootFrame) { $0.pretendedShapes = [input.place: shape] }
      if trial.isExhausted { return first }
      guard let needed = trial.leastSize else { return size }
      guard needed > size, needed <= 4096 else { return nil }
      size = needed
    }
    return nil
  }

  /// The net, elaborated anew with something pretended.
  func trial(of net: NetSyntax, _ root: Frame, pretending pretend: (Elaborator) -> Void) -> Elaborator {
    let trial = Elaborator(program, Reporter(), ExpansionBudget(stages: 5000, steps: 100_000, nodes: 5000))
    trial.isTrial = true
    trial.net = net
    pretend(trial)
    trial.begin(mode: .evaluation, batch: 1, seed: 0, nil, root)
    let frame = Frame(net)
    for (name, entry) in root.names where entry.kind == .parameter { frame.names[name] = entry }
    trial.elaborateBody(net, frame, inputs: nil)
    return trial
  }

  /// "`image` is 223 to 254 pixels", with the parameter that says so; without `last` one size, with the largest number no end.
  private func condition(_ input: ChainStep, _ first: Int, _ last: Int?, axis: Int?) -> String {
    let isOpen = last == Int.max
    let unit =
      axis == nil ? "pixels" : input.type.rank == 2 ? "long" : axis == 0 ? "high" : "wide"
    let isPair = axis == nil && (isOpen || last == nil)
    let size = isPair ? "\(first) x \(first)" : "\(first)"
    let range = isOpen ? "at least \(size)" : last.map { "\(size) to \($0)" } ?? size
    let parameter = sizeParameter(input, axis ?? 0).map { ": `\($0) = \(first)`" } ?? ""
    return "`\(input.name)` is \(range) \(unit)\(parameter)"
  }

  /// The parameter of the net that is a size of an input.
  private func sizeParameter(_ input: ChainStep, _ axis: Int) -> String? {
    guard let net else { return nil }
    for case .input(let node) in net.body where node.name.span == input.place {
      guard let dimensions = node.type.dimensions, dimensions.count == input.type.rank, axis + 1 < dimensions.count,
        let name = dimensions[axis + 1].bareCall?.text
      else { return nil }
      return net.parameters.contains { $0.name.text == name } ? name : nil
    }
    return nil
  }

  /// The sizes of the input that a step comes from for which the step has a size along an axis that satisfies `condition`, and the
  /// input; nil where a step between them has no rule, no size up to a few thousand does, or the input is the step itself and
  /// not square where it should be.
  private func inputs(
    of step: ChainStep, axis: Int, isSquare: Bool, where condition: (Int) -> Bool
  ) -> (input: ChainStep, sizes: [Int])? {
    var rules: [(Int, Int) -> Int?] = []
    var current = step
    while let previous = current.previous {
      if let rule = current.resize {
        rules.append(rule)
      } else if !current.keepsShape {
        return nil
      }
      current = previous
    }
    guard current.type.rank == step.type.rank, axis + 1 < current.type.rank else { return nil }
    if isSquare, current.type.shape[1] != current.type.shape[2] { return nil }
    // Thousands of windows are not what a user would count through.
    if rules.count > 200 { return nil }
    rules.reverse()
    let sizes = (1...4096).filter { size in
      var extent: Int? = size
      for rule in rules { extent = extent.flatMap { rule($0, axis) } }
      return extent.map(condition) ?? false
    }
    return sizes.isEmpty ? nil : (current, sizes)
  }
}
