import Testing

@testable import Datasets

@Suite struct IDXTests {
  static let declarations = [
    TensorDeclaration("image", .float32, shape: [1, 2, 3], role: .input),
    TensorDeclaration("label", .index(count: 4), role: .target),
  ]

  private func open(
    _ stem: String, folder: String, _ declarations: [TensorDeclaration] = Self.declarations
  ) throws -> Dataset {
    var opening = DataOpening(
      training: DataDescription(.idx(stem: stem)), declarations: declarations, folder: folder, seed: 1)
    opening.systemFolders = []
    return try opening.open().training
  }

  @Test(arguments: ["plain", "dots", "zipped"])
  func readsPairsOfFiles(stem: String) throws {
    let data = try open(stem, folder: Fixture.folder)
    #expect(data.count == 10)
    #expect(try data.numbers("image") == (0..<60).map { Float($0 * 4) })
    #expect(try data.numbers("label") == (0..<10).map { Float($0 % 4) })
  }

  @Test func looksWhereTheSystemKeepsDataSets() throws {
    let folder = TemporaryFolder()
    var opening = DataOpening(
      training: DataDescription(.idx(stem: "Fixtures/plain")), declarations: Self.declarations, folder: folder.path,
      seed: 1)
    opening.systemFolders = [String(Fixture.folder.dropLast("/Fixtures".count))]
    #expect(try opening.open().training.count == 10)
    opening.systemFolders = ["/none", "/nowhere"]
    try expectError(.noInput, "Fixtures/plain-images-idx3-ubyte: no such file", "nor in /none", "dataset-fashion-mnist")
    {
      try opening.open()
    }
  }

  @Test func speaksOfTheFileAndOfTheNet() throws {
    func declare(_ shape: [Int], _ element: TensorDeclaration.Element = .index(count: 4)) -> [TensorDeclaration] {
      [.init("image", .float32, shape: shape, role: .input), .init("label", element, role: .target)]
    }
    for shape in [[2, 3], [6]] { #expect(try open("plain", folder: Fixture.folder, declare(shape)).count == 10) }
    try expectError(.description, "image is f32[1, 28, 28]", "holds pictures of 2 x 3", "f32[1, 2, 3]") {
      try open("plain", folder: Fixture.folder, declare([1, 28, 28]))
    }
    try expectError(.badData, "plain-labels-idx1-ubyte", "example 3", "label is 3, expected 0 to 2", "index(3)") {
      try open("plain", folder: Fixture.folder, declare([6], .index(count: 3)))
    }
    try expectError(.badData, "example 2", "label is 2, expected 0 or 1") {
      try open("plain", folder: Fixture.folder, declare([6], .bool))
    }
    try expectError(.description, "1 input and 2 targets") {
      try open("plain", folder: Fixture.folder, declare([6]) + [.init("other", .bool, role: .target)])
    }
  }

  private static func images(_ sizes: [Int], _ bytes: Int) -> [UInt8] {
    [0, 0, 8, UInt8(sizes.count)]
      + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
      + [UInt8](repeating: 1, count: bytes)
  }

  @Test(
    arguments: [
      ([], "is empty"),
      ([0, 0, 8], "ends within the IDX header"),
      (images([2, 2, 3], 11), "2 x 2 x 3 = 12 bytes after its header, has 11"),
      (images([2, 2, 3], 13), "goes on after"),
      (images([2], 12), "has 1 dimensions (labels), expected 3 (images)"),
      (images([0, 2, 3], 0), "no images"),
      (images([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], 0), "too many"),
      (images([0xFFFF_FFFF, 1, 1], 0), "has 0"),
      ([0, 0, 0x0D, 3] + images([2, 2, 3], 48).dropFirst(4), "numbers of type 0x0d, expected bytes"),
      (
        Array("P6 3 3 255 more than sixteen".utf8), "is not an IDX file of bytes: expected 00 00 08 03, got 50 36 20 33"
      ),
      (images([3, 2, 3], 18), "holds 2 labels, but"),
    ] as [([UInt8], String)])
  func namesWhatIsWrong(images: [UInt8], problem: String) throws {
    let folder = TemporaryFolder()
    folder.write("x-images-idx3-ubyte", images)
    folder.write("x-labels-idx1-ubyte", Self.images([2], 2))
    try expectError(.badData, problem) { try open("x", folder: folder.path) }
  }

  @Test func namesWhatIsWrongWithCompressedFiles() throws {
    let folder = TemporaryFolder()
    let good = try Fixture.bytes("zipped-labels-idx1-ubyte.gz")
    folder.write("x-images-idx3-ubyte.gz", try Fixture.bytes("zipped-images-idx3-ubyte.gz"))
    for (bytes, problem) in [
      (Array(good.dropLast(9)), "ends in the middle of the compressed data"),
      (Array(good.dropLast(1)), "ends in the middle"),
      (Array(good.dropLast(5)) + [0, 10, 0, 0, 0], "is not valid gzip"),
      (good + [1, 2, 3], "is not valid gzip"),
      (Array(good.prefix(2)), "ends in the middle"),
      (good + good, "goes on after"),
    ] {
      folder.write("x-labels-idx1-ubyte.gz", bytes)
      try expectError(.badData, problem, "x-labels-idx1-ubyte.gz") { try open("x", folder: folder.path) }
    }
    try expectError(.noInput, "gzip", "libnone.so.0", "zlib1g") {
      try GzipReader(InputFile(Fixture.path("zipped-labels-idx1-ubyte.gz")), libraryName: "libnone.so.0")
    }
  }

  static let fashion = "/usr/share/datasets/fashion-mnist/train"

  @Test(
    .enabled(
      if: InputFile.exists(fashion + "-images-idx3-ubyte.gz"), "the package dataset-fashion-mnist is not installed"))
  func readsFashionMNIST() throws {
    let data = try DataOpening(
      training: DataDescription(.idx(stem: "fashion-mnist/train"), transforms: [.scale(factor: 1 / 255)]),
      declarations: [
        .init("image", .float32, shape: [1, 28, 28], role: .input), .init("label", .index(count: 10), role: .target),
      ], folder: "/", seed: 1
    ).open().training
    #expect(data.count == 60_000)
    // The mean and the deviation that the data set's users publish.
    let statistics = DataStatistics(of: data.tensors[0], rows: data.rows)
    #expect(abs(statistics.mean[0] - 0.2860) < 1e-4)
    #expect(abs(statistics.deviation[0] - 0.3530) < 1e-4)
    var counts = [Int](repeating: 0, count: 10)
    for label in try data.numbers("label") { counts[Int(label)] += 1 }
    #expect(counts == Array(repeating: 6_000, count: 10))
  }
}
