/// What a source gives: a tensor for each declaration, all with `count` examples, labels in range.
struct LoadedExamples {
  var tensors: [DataTensor]
  var count: Int
  var mayShuffle = true
  /// For people: the file, or the source's name.
  var origin: String
  /// The line of each example, where the file is a table.
  var lines: [Int32]?
  /// What was left out, and why.
  var skipped: [DataError] = []
  /// What was cut off texts that are longer than their tensors.
  var cut: [CutTexts] = []
  /// Texts without a piece, one message for each tensor.
  var wordless: [String] = []
  /// Tensors of the file that no input and no target is named as.
  var unread: [String] = []
}

/// Pictures of bytes with one label each, as `digits` and `idx` give them; they have no names, so the net's only input is the picture
/// and its only target the label.
struct LabelledPictures {
  var pixels: [UInt8]
  var labels: [UInt8]
  var height: Int
  var width: Int
  var origin: String
  /// The file with the labels; nil when there is none.
  var labelPath: String?

  /// The pictures as `declarations` want them: `f32[1, h, w]`, `f32[h, w]` or `f32[h * w]`, and a label of `index(n)`, `bool` or `f32`.
  func examples(for declarations: [TensorDeclaration]) throws(DataError) -> LoadedExamples {
    let inputs = declarations.filter { $0.role == .input }
    let targets = declarations.filter { $0.role == .target }
    guard inputs.count == 1, targets.count == 1, let input = inputs.first, let target = targets.first else {
      throw DataError(
        .description, nil,
        "\(origin) gives one picture and one label an example, the net has \(Self.counted(inputs, "input")) and "
          + Self.counted(targets, "target"))
    }
    let shapes = [[1, height, width], [height, width], [height * width]]
    guard input.element == .float32, shapes.contains(input.shape) else {
      throw DataError(
        .description, nil, "\(input.name) is \(input.type), \(origin) holds pictures of \(height) x \(width)",
        help: "declare `\(input.name): f32[1, \(height), \(width)]`")
    }
    let pictures = DataTensor(input, .bytes(pixels, values: (0..<256).map { Float($0) }))
    let answers = try Self.labels(labels.map { Int64($0) }, for: target, path: labelPath ?? origin)
    return LoadedExamples(
      tensors: declarations.map { $0.role == .input ? pictures : answers }, count: labels.count, origin: origin)
  }

  private static func counted(_ tensors: [TensorDeclaration], _ word: String) -> String {
    tensors.count == 1 ? "1 \(word)" : "\(tensors.count) \(word)s"
  }

  /// One whole number an example as the scalar tensor `target`.
  static func labels(_ numbers: [Int64], for target: TensorDeclaration, path: String) throws(DataError) -> DataTensor {
    guard target.shape.isEmpty else {
      throw DataError(.description, path, "\(target.name) is \(target.type), the file has one label an example")
    }
    return try target.tensor(of: numbers, path: path)
  }
}

extension TensorDeclaration {
  /// The tensor of these whole numbers, row-major; throws `badData` with the example when one is outside the declared range.
  func tensor(of numbers: [Int64], path: String) throws(DataError) -> DataTensor {
    let size = max(1, checkedSize ?? 1)
    let limit: Int64
    switch element {
    case .float32: return DataTensor(self, .floats(numbers.map { Float($0) }))
    case .bool: limit = 2
    case .index(let count): limit = Int64(min(count, Int(Int32.max)))
    }
    if let wrong = numbers.firstIndex(where: { $0 < 0 || $0 >= limit }) {
      throw outside(String(numbers[wrong]), path: path, at: .example(wrong / size))
    }
    return element == .bool
      ? DataTensor(self, .floats(numbers.map { Float($0) })) : DataTensor(self, .indices(numbers.map { Int32($0) }))
  }

  /// The error for a label that the declared type does not have.
  func outside(_ label: String, path: String, at position: DataError.Position) -> DataError {
    switch element {
    case .index(let count):
      let advice = shape.isEmpty ? "; either the label is wrong or there are more classes" : ""
      return DataError(
        .badData, path, at: position, "\(name) is \(label), expected 0 to \(count - 1)",
        help: "\(name) is declared as \(type)\(advice)")
    default:
      return DataError(.badData, path, at: position, "\(name) is \(label), expected 0 or 1 (\(name) is \(type))")
    }
  }
}
