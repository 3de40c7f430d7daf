import Source
import Vocabulary

/// Failing sizes solved backwards, for the sizes of the input that would satisfy them.
extension Elaborator {
  /// "9216 = 256 * 6 * 6; `pool3` is 6 x 6 when `image` is 223 to 254 pixels": how a stated number of features could come about.
  func inputHelp(features: Int, _ chain: ChainStep?) -> [Diagnostic.Help] {
    var step = chain
    while let current = step, current.type.rank == 1 { step = current.previous }
    guard let image = step, image.type.rank == 3 else { return [] }
    let channels = image.type.shape[0]
    guard features % channels == 0 else { return [] }
    let side = Int(Double(features / channels).squareRoot().rounded())
    guard side * side == features / channels else { return [] }
    let product = "\(features) = \(channels) * \(side) * \(side)"
    guard let (input, sizes) = inputs(of: image, where: { $0 == side }), let last = sizes.last else {
      return [.init("\(product); `\(image.name)` is \(image.type.shape[1]) x \(image.type.shape[2]) here")]
    }
    let range = sizes.count == 1 ? "\(sizes[0])" : "\(sizes[0]) to \(last)"
    return [.init("\(product); `\(image.name)` is \(side) x \(side) when `\(input.name)` is \(range) pixels")]
  }

  /// "`image` needs at least 12 pixels": the least input for which the last step of a chain has `extent` positions.
  func inputHelp(atLeast extent: Int, _ chain: ChainStep?) -> [Diagnostic.Help] {
    guard let chain, chain.type.rank == 3, let (input, sizes) = inputs(of: chain, where: { $0 >= extent }),
      let least = sizes.first
    else { return [] }
    return [.init("it fits when `\(input.name)` is at least \(least) x \(least) pixels")]
  }

  /// The heights of the square input that a step comes from for which the step has a height that satisfies `condition`, and the
  /// input; nil where a step between them has no rule, or no height up to a few thousand does.
  private func inputs(of step: ChainStep, where condition: (Int) -> Bool) -> (input: ChainStep, sizes: [Int])? {
    var rules: [(Int) -> Int?] = []
    var current = step
    while let previous = current.previous {
      if let rule = current.resize {
        rules.append(rule)
      } else if !current.keepsShape {
        return nil
      }
      current = previous
    }
    guard current.type.rank == 3, current.type.shape[1] == current.type.shape[2], !rules.isEmpty else { return nil }
    rules.reverse()
    let sizes = (1...4096).filter { size in
      var extent: Int? = size
      for rule in rules { extent = extent.flatMap(rule) }
      return extent.map(condition) ?? false
    }
    return sizes.isEmpty ? nil : (current, sizes)
  }
}
