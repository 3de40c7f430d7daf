extension DataOpening {
  /// Applies `transforms` to the values of `examples`, in order, and returns them with their numbers. Statistics are found on
  /// `trainingRows`; when that is nil, `statistics` has those that the training part found, to be used in the same order.
  func transform(
    _ examples: inout LoadedExamples, _ transforms: [DataTransform], trainingRows: [Int32]?,
    statistics: [FittedTransform]
  ) throws(DataError) -> [FittedTransform] {
    var unused = statistics[...]
    var result: [FittedTransform] = []
    for transform in transforms {
      for position in try positions(of: transform) {
        let fitted = try fit(transform, to: examples.tensors[position], trainingRows: trainingRows, unused: &unused)
        fitted.apply(to: &examples.tensors[position])
        result.append(fitted)
      }
    }
    if let left = unused.first {
      guard learnt == nil else {
        throw DataError(
          .description, nil,
          "the training has \(left.measure ?? "statistics") of \(left.tensor), the data has not: its numbers would mean "
            + "something else", help: "write the same transforms as the training")
      }
      throw DataError(
        .description, nil,
        "data has \(left.measure ?? "statistics") of \(left.tensor), validation has not: its numbers would mean "
          + "something else", help: "write the same transforms in data and validation")
    }
    return result
  }

  /// The tensors that a transform applies to: those that it names, or else every `f32` input.
  private func positions(of transform: DataTransform) throws(DataError) -> [Int] {
    switch transform {
    case .tokens, .picture, .mixup: return []
    case .scale, .normalize, .standardize, .minMax: break
    }
    guard !transform.tensors.isEmpty else {
      let inputs = declarations.indices.filter {
        declarations[$0].role == .input && declarations[$0].element == .float32
      }
      guard !inputs.isEmpty else {
        throw DataError(.description, nil, "\(transform.word) has nothing to change: the net has no f32 input")
      }
      return inputs
    }
    var result: [Int] = []
    for name in transform.tensors {
      guard let position = declarations.firstIndex(where: { $0.name == name }) else {
        let names = declarations.map { "`\($0.name)`" }.joined(separator: ", ")
        throw DataError(
          .description, nil, "\(transform.word): `\(name)` is no input and no target", help: "the net has \(names)")
      }
      guard declarations[position].element == .float32 else {
        throw DataError(
          .description, nil, "\(transform.word) changes numbers; \(name) is \(declarations[position].type)")
      }
      result.append(position)
    }
    return result
  }

  /// The numbers of a transform of `data`: with `trainingRows` statistics are found in it.
  func fit(
    _ transform: DataTransform, to data: DataTensor, trainingRows: [Int32]?, unused: inout ArraySlice<FittedTransform>
  ) throws(DataError) -> FittedTransform {
    let declaration = data.declaration
    switch transform {
    case .scale(let factor, _):
      guard factor.isFinite else { throw DataError(.description, nil, "scale by \(factor) gives no numbers") }
      return FittedTransform(tensor: declaration.name, factor: factor)
    case .normalize(let mean, let deviation, let ofPictures, _):
      let channels = max(1, declaration.shape.first ?? 1)
      guard [1, channels].contains(mean.count), [1, channels].contains(deviation.count) else {
        throw DataError(
          .description, nil,
          "normalize has \(mean.count) means and \(deviation.count) deviations, \(declaration.name) is \(declaration.type) with "
            + (channels == 1 ? "1 channel" : "\(channels) channels"))
      }
      guard mean.allSatisfy(\.isFinite), deviation.allSatisfy({ $0.isFinite && $0 != 0 }) else {
        throw DataError(.description, nil, "normalize needs finite means and deviations that are not 0")
      }
      let fitted = FittedTransform(tensor: declaration.name, center: mean, divisor: deviation)
      guard ofPictures else { return fitted }
      let extremes = data.extremes
      guard extremes.allSatisfy({ $0.black != $0.white }) else {
        throw DataError(
          .description, nil, "normalize finds black and white to be the same number in \(declaration.name)")
      }
      return fitted.between(extremes)
    case .standardize, .minMax:
      guard let trainingRows else {
        guard let known = unused.first, known.tensor == declaration.name, known.measure == transform.word else {
          guard learnt == nil else {
            throw DataError(
              .description, nil,
              "the data has \(transform.word) of \(declaration.name) where the training has not, and statistics come from it alone",
              help: "write the same transforms as the training")
          }
          throw DataError(
            .description, nil,
            "validation has \(transform.word) of \(declaration.name) where data has not, but statistics come from data alone",
            help: "write the same \(transform.word) in the same place in data and validation")
        }
        unused.removeFirst()
        let channels = max(1, declaration.shape.first ?? 1)
        guard [1, channels].contains(known.center.count), [1, channels].contains(known.divisor.count) else {
          throw DataError(
            .badData, nil,
            "the statistics of \(declaration.name) are \(known.center.count) pairs, it is \(declaration.type)",
            help: "statistics and weights must come from the same run")
        }
        return known
      }
      let found = DataStatistics(of: data, rows: trainingRows)
      if case .standardize = transform {
        return FittedTransform(
          tensor: declaration.name, center: found.mean,
          divisor: DataStatistics.divisors(found.deviation, magnitude: found.mean), measure: transform.word)
      }
      let spread = zip(found.largest, found.smallest).map { $0 - $1 }
      return FittedTransform(
        tensor: declaration.name, center: found.smallest,
        divisor: DataStatistics.divisors(spread, magnitude: found.smallest), measure: transform.word)
    case .tokens, .picture, .mixup: throw DataError(.description, nil, "\(transform.word) cannot be applied yet")
    }
  }
}

extension DataTransform {
  /// The word of the language.
  package var word: String {
    switch self {
    case .scale: "scale"
    case .normalize: "normalize"
    case .standardize: "standardize"
    case .minMax: "min_max"
    case .tokens(let tokens): tokens.word
    case .mixup: "mixup"
    case .picture(let picture): picture.word
    }
  }

  /// What it applies to; empty means every `f32` input.
  package var tensors: [String] {
    switch self {
    case .scale(_, let tensors), .normalize(_, _, _, let tensors): tensors
    case .standardize(let tensors), .minMax(let tensors): tensors
    case .tokens(let tokens): tokens.tensors
    case .picture, .mixup: []
    }
  }
}
