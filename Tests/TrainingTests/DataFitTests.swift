import Datasets
import Driver
import Foundation
import Source
import Testing

/// Every source of data with every transform, for tensors that fit it and tensors that do not: what the checker says without opening a
/// file is what opening the data says.
@Suite struct DataFitTests {
  /// A source as text and as value, and whether its files are there.
  private static let sources: [(name: String, text: String, source: DataSource)] = [
    ("digits", "digits(\"train\")", .digits(.train)),
    ("idx", "idx(\"p\")", .idx(stem: "p")),
    ("csv", "csv(\"t.csv\", x=COLUMNS, y=4)", .table(TableDescription(path: "t.csv", delimiter: .csv, tensors: []))),
    ("texts", "csv(\"s.csv\", x=0, y=1)", .table(TableDescription(path: "s.csv", delimiter: .csv, tensors: []))),
    ("tensors", "tensors(\"t.safetensors\")", .tensors(path: "t.safetensors", shuffle: true)),
    ("text", "text(\"t.txt\")", .text(path: "t.txt")),
    ("folder", "image_folder(\"none\")", .imageFolder(path: "none", classes: nil)),
  ]

  private static let transforms: [(text: String, transform: DataTransform?)] = [
    ("", nil), ("scale(0.5)", .scale(factor: 0.5)), ("normalize(0.5, 2)", .normalize(mean: [0.5], deviation: [2])),
    ("standardize", .standardize()), ("min_max", .minMax()), ("mixup(0.2)", .mixup(alpha: 0.2)),
    ("resize(4, 4)", .picture(.resize(height: 4, width: 4))), ("resize(4)", .picture(.resizeShort(4))),
    ("center_crop(4)", .picture(.centerCrop(height: 4, width: 4))),
    ("random_crop(4)", .picture(.randomCrop(height: 4, width: 4, pad: 0))),
    (
      "random_resized_crop(4)",
      .picture(.randomResizedCrop(height: 4, width: 4, scale: 0.08...1, ratio: 0.75...1.3333))
    ),
    ("flip", .picture(.flip(0.5))), ("rotate(10)", .picture(.rotate(10))),
    ("jitter(0.2)", .picture(.jitter(brightness: 0.2, contrast: 0, saturation: 0))),
    ("cutout(2)", .picture(.cutout(size: 2, holes: 1))),
    ("words(40)", .tokens(TokenTransform(.words(vocabulary: 40)))), ("chars", .tokens(TokenTransform(.characters))),
    ("chars(4, unknown=50)", .tokens(TokenTransform(.characters, length: 4, unknown: 50))),
    ("bytes", .tokens(TokenTransform(.bytes))),
  ]

  /// An input, and what the net does with it.
  private static let inputs: [(type: String, declaration: TensorDeclaration)] = [
    ("f32[1, 8, 8]", TensorDeclaration("x", .float32, shape: [1, 8, 8], role: .input)),
    ("f32[1, 4, 4]", TensorDeclaration("x", .float32, shape: [1, 4, 4], role: .input)),
    ("f32[3, 4, 4]", TensorDeclaration("x", .float32, shape: [3, 4, 4], role: .input)),
    ("f32[4, 4, 3]", TensorDeclaration("x", .float32, shape: [4, 4, 3], role: .input)),
    ("f32[64]", TensorDeclaration("x", .float32, shape: [64], role: .input)),
    ("f32[4]", TensorDeclaration("x", .float32, shape: [4], role: .input)),
    ("f32[2, 4, 4]", TensorDeclaration("x", .float32, shape: [2, 4, 4], role: .input)),
    ("index(50)[4]", TensorDeclaration("x", .index(count: 50), shape: [4], role: .input)),
    ("index(300)[4]", TensorDeclaration("x", .index(count: 300), shape: [4], role: .input)),
    ("index(50)", TensorDeclaration("x", .index(count: 50), shape: [], role: .input)),
  ]

  private static let targets: [(type: String, declaration: TensorDeclaration)] = [
    ("index(10)", TensorDeclaration("y", .index(count: 10), role: .target)),
    ("index(9)", TensorDeclaration("y", .index(count: 9), role: .target)),
    ("bool", TensorDeclaration("y", .bool, role: .target)),
    ("f32", TensorDeclaration("y", .float32, role: .target)),
    ("f32[10]", TensorDeclaration("y", .float32, shape: [10], role: .target)),
    ("index(50)[4]", TensorDeclaration("y", .index(count: 50), shape: [4], role: .target)),
  ]

  @Test(arguments: sources.map(\.name)) func theCheckerSaysWhatOpeningSays(name: String) throws {
    let folder = try Folder()
    try write(to: folder)
    let (_, text, source) = try #require(Self.sources.first { $0.name == name })
    var tried = 0
    for (inputType, input) in Self.inputs {
      for (targetType, target) in Self.targets {
        for (stage, transform) in Self.transforms {
          // An index of few values is enough for most transforms; text has a target of its own.
          let isFirst = inputType == "f32[1, 8, 8]" || inputType == "index(50)[4]"
          if targetType != "index(10)", !isFirst || stage != "", name != "text" { continue }
          // What the files decide comes first there: how large pictures are, which classes and texts there are.
          if name == "folder", targetType != "index(10)" { continue }
          if name == "folder", case .tokens? = transform { continue }
          if name == "idx", !["f32[1, 4, 4]", "f32[3, 4, 4]", "f32[4, 4, 3]", "index(50)[4]"].contains(inputType) {
            continue
          }
          if name == "texts", inputType == "index(50)" { continue }
          // Opening the digits takes longest.
          if name == "digits", !isFirst, inputType != "f32[4, 4, 3]", !stage.isEmpty { continue }
          let columns = input.shape.reduce(1, *) == 4 && input.shape.count == 1 ? "[0, 1, 2, 3]" : "0"
          let data = text.replacing("COLUMNS", with: columns) + (stage.isEmpty ? "" : " -> " + stage)
          let accepted = isAccepted(inputType, targetType, data)
          if name == "tensors" { try writeTensors(input, target, to: folder) }
          let opening = DataOpening(
            training: DataDescription(located(source, columns), transforms: transform.map { [$0] } ?? []),
            declarations: [input, target], folder: folder.path, seed: 1)
          let refusal = refusal(opening)
          #expect(accepted == (refusal == nil), "x: \(inputType), y: \(targetType), \(data): \(refusal ?? "opens")")
          tried += 1
        }
      }
    }
    #expect(tried > 50)
  }

  private func located(_ source: DataSource, _ columns: String) -> DataSource {
    guard case .table(var table) = source else { return source }
    let isText = table.path == "s.csv"
    table.tensors = [
      TableTensor("x", columns: isText || columns == "0" ? [.position(0)] : (0..<4).map { .position($0) }),
      TableTensor("y", columns: [.position(isText ? 1 : 4)]),
    ]
    return .table(table)
  }

  /// Whether the checker has no error about the data.
  private func isAccepted(_ input: String, _ target: String, _ data: String) -> Bool {
    let file = SourceFile(
      path: "fit.net",
      text: """
        net N {
          input x: \(input)
          output z = x
        }
        train N {
          target y: \(target)
          data = \(data)
          loss = mse(z, z)
          optimizer = sgd(lr=0.1)
          epochs = 1
        }
        """)
    let codes = ["N124", "N212", "N214"]
    return !Compilation(file).diagnostics.contains { codes.contains($0.code) }
  }

  /// What opening says about the description; nil where it has nothing against it, whatever the files hold.
  private func refusal(_ opening: DataOpening) -> String? {
    do {
      _ = try opening.open()
      return nil
    } catch {
      // What digits hold is known: nothing depends on a file.
      return error.kind == .description || opening.training.source == .digits(.train) ? "\(error)" : nil
    }
  }

  private func writeTensors(_ input: TensorDeclaration, _ target: TensorDeclaration, to folder: Folder) throws {
    let tensors = [input, target].map { tensor in
      let count = 3 * tensor.shape.reduce(1, *)
      return SafetensorsWriter.Tensor(
        tensor.name, shape: [3] + tensor.shape,
        tensor.element == .float32
          ? .floats([Float](repeating: 1, count: count)) : .integers([Int64](repeating: 1, count: count)))
    }
    try SafetensorsWriter.write(tensors, to: folder.path + "/t.safetensors")
  }

  private func write(to folder: Folder) throws {
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(filePath: folder.path).appending(path: name))
    }
    try write("t.csv", Array("1,2,3,4,0\n5,6,7,8,1\n2,3,4,5,0\n".utf8))
    try write("s.csv", Array("good film,1\nbad film,0\nno film,0\n".utf8))
    try write("t.txt", Array("the cat sat on the mat and the dog did not sit at all".utf8))
    try write(
      "p-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4] + [UInt8](repeating: 7, count: 32))
    try write("p-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 0, 1])
  }
}
