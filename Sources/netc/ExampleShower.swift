import Datasets
import Reports

/// Shows examples of a set to people: their pictures, their texts, or their numbers.
struct ExampleShower {
  private let dataset: Dataset
  private let encoders: [TokenEncoder]
  private let views: [(position: Int, view: PictureView)]

  init(_ dataset: Dataset, encoders: [TokenEncoder]) {
    self.dataset = dataset
    self.encoders = encoders
    views = dataset.tensors.indices.compactMap { index in
      guard dataset.tensors[index].declaration.role == .input else { return nil }
      return PictureView(dataset.tensors[index]).map { (index, $0) }
    }
  }

  /// A card for the example in a row of the set, as validation has it.
  func example(_ row: Int, lines: [String]) -> RunReport.Example {
    guard let (position, view) = views.first, let numbers = dataset.numbers(tensor: position) else {
      return RunReport.Example(picture: nil, text: words(row), lines: lines)
    }
    return card(view.png(numbers(row)[...]), row, lines)
  }

  /// A card for the example in a row, whose pictures have just been made with these numbers.
  func example(_ row: Int, numbers: (_ tensor: Int) -> ArraySlice<Float>, lines: [String]) -> RunReport.Example {
    guard let (position, view) = views.first else {
      return RunReport.Example(picture: nil, text: words(row), lines: lines)
    }
    return card(view.png(numbers(position)), row, lines)
  }

  /// The tensor whose numbers are shown as a picture.
  var pictureTensor: Int? { views.first?.position }

  private func card(_ picture: [UInt8], _ row: Int, _ lines: [String]) -> RunReport.Example {
    let path = dataset.path(ofRow: row).map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
    return RunReport.Example(picture: picture, text: path ?? "example \(row)", lines: lines)
  }

  /// The inputs in words: texts as they were read, of numbers the first few.
  private func words(_ row: Int) -> String {
    dataset.tensors.indices.compactMap { index -> String? in
      let tensor = dataset.tensors[index]
      guard tensor.declaration.role == .input else { return nil }
      if let tokens = dataset.indices(tensor: index) {
        guard let encoder = encoders.first(where: { $0.tensors.contains(tensor.declaration.name) }) else {
          return "\(tensor.declaration.name): " + tokens(row).prefix(16).map(String.init).joined(separator: ", ")
        }
        return encoder.decode(Array(tokens(row)))
      }
      guard let numbers = dataset.numbers(tensor: index) else { return nil }
      let own = numbers(row)
      let transforms = dataset.transforms.filter { $0.tensor == tensor.declaration.name }
      // As the table has them, where each number is an index of the first axis.
      let shown = own.prefix(16).enumerated().map { place, number in
        tensor.declaration.shape.count > 1
          ? Double(number) : transforms.reversed().reduce(Double(number)) { $1.original($0, index: place) }
      }
      let first = shown.map(NumberFormat.short).joined(separator: ", ")
      return "\(tensor.declaration.name): \(first)\(own.count > 16 ? ", …" : "")"
    }.joined(separator: "\n")
  }
}
