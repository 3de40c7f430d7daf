extension DataOpening {
  /// The declared tensors that transforms make of text.
  func textTensors(_ description: DataDescription) -> Set<String> {
    var names: Set<String> = []
    for case .tokens(let tokens) in description.transforms {
      names.formUnion(tokens.tensors.isEmpty ? candidates(description) : tokens.tensors)
    }
    return names
  }

  /// What may be made of text where no tensor is named: sequences of indices, of a table those of one column.
  private func candidates(_ description: DataDescription) -> [String] {
    declarations.filter { declaration in
      guard case .index = declaration.element, declaration.shape.count == 1 else { return false }
      guard case .table(let table) = description.source else { return true }
      return table.tensors.first { $0.name == declaration.name }?.columns.count == 1
    }.map(\.name)
  }

  /// Makes numbers of the texts among `examples`. Vocabularies come from `trainingRows`, or are `known` from the training part.
  func encode(
    _ examples: inout LoadedExamples, _ description: DataDescription, trainingRows: [Int32]?, known: [TokenEncoder]
  ) throws(DataError) -> [TokenEncoder] {
    var result: [TokenEncoder] = []
    for case .tokens(let tokens) in description.transforms {
      let names = tokens.tensors.isEmpty ? candidates(description) : tokens.tensors
      let positions = examples.tensors.indices.filter { index in
        guard case .texts = examples.tensors[index].storage else { return false }
        return names.contains(examples.tensors[index].declaration.name)
      }
      guard !positions.isEmpty else {
        throw DataError(
          .description, nil, "\(tokens.word) has nothing to change: no tensor is made of text",
          help: "a text becomes a tensor of type index(n)[length]")
      }
      let encoder: TokenEncoder
      if let trainingRows {
        encoder = try fit(tokens, examples, positions, trainingRows)
      } else {
        guard result.count < known.count, known[result.count].transform.pieces == tokens.pieces else {
          throw DataError(
            .description, nil,
            "validation has `\(tokens.word)` where data has none: its numbers would mean something else",
            help: "write the same transforms in data and validation")
        }
        encoder = known[result.count]
      }
      for position in positions {
        if let cut = try encode(&examples.tensors[position], with: encoder, tokens, examples.origin) {
          examples.cut.append(cut)
        }
      }
      result.append(encoder)
    }
    for tensor in examples.tensors {
      if case .texts = tensor.storage {
        throw DataError(
          .description, examples.origin, "\(tensor.declaration.name) is text that nothing makes numbers of",
          help: "add `-> words(…)` or `-> chars` to the data")
      }
    }
    return result
  }

  private func fit(
    _ tokens: TokenTransform, _ examples: LoadedExamples, _ positions: [Int], _ rows: [Int32]
  ) throws(DataError) -> TokenEncoder {
    var texts: [String] = []
    var limit = Int.max
    for position in positions {
      let tensor = examples.tensors[position]
      if case .index(let count) = tensor.declaration.element { limit = min(limit, count) }
      guard case .texts(let fields) = tensor.storage else { continue }
      texts += rows.map { fields[Int($0)].text }
    }
    return try TokenEncoder(
      tokens, tensors: positions.map { examples.tensors[$0].declaration.name }, texts: texts, limit: limit,
      folder: folder)
  }

  /// Gives what was cut off, unless `tokens` says how many numbers a text has.
  private func encode(
    _ tensor: inout DataTensor, with encoder: TokenEncoder, _ tokens: TokenTransform, _ origin: String
  ) throws(DataError) -> CutTexts? {
    let declaration = tensor.declaration
    guard case .texts(let fields) = tensor.storage else { return nil }
    guard case .index(let count) = declaration.element, declaration.shape.count == 1,
      let length = declaration.shape.first
    else {
      throw DataError(
        .description, nil,
        "\(encoder.transform.word) makes a sequence of indices, \(declaration.name) is \(declaration.type)",
        help: "declare it as index(n)[length]")
    }
    if let stated = encoder.transform.length, stated != length {
      throw DataError(
        .description, nil,
        "\(encoder.transform.word) makes rows of \(stated) numbers, \(declaration.name) is \(declaration.type)")
    }
    if encoder.pieces.count > count {
      throw DataError(
        .badData, nil, "the vocabulary has \(encoder.pieces.count) pieces, \(declaration.name) has \(count) numbers",
        help: "vocabulary and weights must come from the same run")
    }
    var numbers: [Int32] = []
    numbers.reserveCapacity(fields.count * length)
    var cut: CutTexts?
    for field in fields {
      var whole = 0
      let row = encoder.row(field.text, length: length, whole: &whole)
      if whole > length {
        cut =
          cut
          ?? CutTexts(
            path: origin, position: field.position, length: whole, tensor: declaration.name, places: length, count: 0,
            total: fields.count, word: encoder.transform.word)
        cut?.count += 1
      }
      if let wrong = row.first(where: { $0 < 0 || Int($0) >= count }) {
        throw DataError(
          .badData, origin, at: field.position,
          "\(declaration.name) has the number \(wrong), expected 0 to \(count - 1)")
      }
      numbers += row
    }
    tensor.storage = .indices(numbers)
    return tokens.length == nil ? cut : nil
  }
}
