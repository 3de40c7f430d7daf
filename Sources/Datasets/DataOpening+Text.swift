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
        encoder = try match(tokens, result.count < known.count ? known[result.count] : nil)
      }
      for position in positions {
        let (cut, wordless) = try encode(&examples.tensors[position], with: encoder, tokens, examples.origin)
        if let cut { examples.cut.append(cut) }
        if let wordless { examples.wordless.append(wordless) }
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

  /// The encoder that is known for a transform; throws where it would make other numbers than the transform says.
  private func match(_ tokens: TokenTransform, _ known: TokenEncoder?) throws(DataError) -> TokenEncoder {
    let (here, there) = learnt == nil ? ("validation", "data") : ("the data", "the training")
    guard let known, known.transform.pieces == tokens.pieces else {
      let other = known.map { $0.transform.word == tokens.word ? "another" : "`\($0.transform.word)`" } ?? "none"
      throw DataError(
        .description, nil,
        "\(here) has `\(tokens.word)` where \(there) has \(other): its numbers would mean something else",
        help: "write the same transforms in both")
    }
    for (name, own, other) in [
      ("unknown", tokens.unknown, known.transform.unknown), ("pad", tokens.pad, known.transform.pad),
      ("end", tokens.end ?? -1, known.transform.end ?? -1),
    ] where own != other && !(name == "unknown" && own == TokenTransform.modelsOwn) {
      func written(_ number: Int) -> String { number < 0 ? "no `\(name)`" : "`\(name)=\(number)`" }
      throw DataError(
        .description, nil,
        "\(here) has \(written(own)) in `\(tokens.word)` where \(there) has \(written(other)): its numbers would mean "
          + "something else", help: "write the same transforms in both")
    }
    return known
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

  /// Gives what was cut off, unless `tokens` says how many numbers a text has, and a message where texts have no piece.
  private func encode(
    _ tensor: inout DataTensor, with encoder: TokenEncoder, _ tokens: TokenTransform, _ origin: String
  ) throws(DataError) -> (cut: CutTexts?, wordless: String?) {
    let declaration = tensor.declaration
    guard case .texts(let fields) = tensor.storage else { return (nil, nil) }
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
    var wordless: [TextField] = []
    for field in fields {
      let pieces = encoder.pieces(of: field.text)
      if pieces.isEmpty { wordless.append(field) }
      let (row, whole) = encoder.row(pieces, length: length)
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
    let message = wordless.first.map { first in
      DataError(
        .badData, origin, at: first.position,
        (encoder.withoutPiece(first.text) ?? "")
          + (wordless.count == 1 ? "" : "; so it is with \(wordless.count) of \(fields.count) texts")
      ).message
    }
    return (tokens.length == nil ? cut : nil, message)
  }
}

extension [DataTransform] {
  /// The same transforms with the pieces of saved vocabularies: one may have come out smaller than the text allows, and a model's file may
  /// be gone.
  func adopting(_ encoders: [TokenEncoder]) -> [DataTransform] {
    var unused = encoders[...]
    return map { transform in
      guard case .tokens(var tokens) = transform, let encoder = unused.popFirst(),
        encoder.transform.word == tokens.word
      else { return transform }
      tokens.pieces = encoder.transform.pieces
      return .tokens(tokens)
    }
  }
}
