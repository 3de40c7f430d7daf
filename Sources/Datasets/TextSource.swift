/// Windows of one long text: each example's inputs are as many pieces as they have places, one window behind the other; a target is the
/// same window one piece later.
enum TextSource {
  /// Throws `noInput`, `badData` and `description`.
  static func examples(
    path: String, for declarations: [TensorDeclaration], _ transforms: [DataTransform]
  ) throws(DataError) -> LoadedExamples {
    guard case .tokens(let tokens)? = transforms.first(where: { if case .tokens = $0 { true } else { false } }) else {
      throw DataError(.description, path, "a text needs `-> chars` or `-> words(…)`")
    }
    let separator: String
    switch tokens.pieces {
    case .words: separator = " "
    case .characters: separator = ""
    case .bytes, .sentencePiece:
      throw DataError(
        .description, path, "\(tokens.word) does not cut one long text", help: "use `chars` or `words(…)`")
    }
    let bytes = try InputFile(path).bytes()
    guard !bytes.isEmpty else { throw DataError(.badData, path, "is empty") }
    func line(_ place: Int) -> DataError.Position { .line(1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") }) }
    if let wrong = bytes.firstInvalidByte {
      throw DataError(
        .badData, path, at: line(wrong), "is not UTF-8 at byte \(wrong) of the file", help: "convert the file to UTF-8")
    }
    if let zero = bytes.firstIndex(of: 0) {
      throw DataError(.badData, path, at: line(zero), "is not text: it has a zero byte at byte \(zero) of the file")
    }
    let pieces = tokens.split(String(decoding: bytes, as: UTF8.self))
    let lengths = Set(declarations.map { $0.shape.count == 1 ? $0.shape[0] : 0 })
    guard let length = lengths.first, lengths.count == 1, length > 0 else {
      throw DataError(
        .description, path, "a text gives sequences of one length to every input and target",
        help: "the net has " + declarations.map { "\($0.name): \($0.type)" }.joined(separator: ", "))
    }
    let shift = declarations.contains { $0.role == .target } ? 1 : 0
    let count = (pieces.count - shift) / length
    guard count > 0 else {
      throw DataError(
        .badData, path,
        "has \(pieces.count) \(pieces.count == 1 ? "piece" : "pieces"), fewer than the \(length + shift) of one example"
      )
    }
    let tensors = declarations.map { declaration in
      let start = declaration.role == .target ? 1 : 0
      let fields = (0..<count).map { window in
        let first = window * length + start
        return TextField(pieces[first..<(first + length)].joined(separator: separator), at: .example(window))
      }
      return DataTensor(declaration, .texts(fields))
    }
    return LoadedExamples(tensors: tensors, count: count, origin: path)
  }
}
