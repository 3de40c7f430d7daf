import Graphs
import Testing

@testable import Datasets

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite(.enabled(if: pictureLibrariesAreInstalled, "libturbojpeg or libpng16 is not installed")) struct ImageFolderTests
{
  /// A folder with folders of classes, removed with everything afterwards.
  private final class Folder {
    let root = TemporaryFolder()
    private var made: [String] = []

    /// Copies the fixture's picture `from` to `name` in the class's folder.
    func put(_ from: String, _ name: String, in folder: String) throws {
      try put(bytes: try Fixture.bytes("pictures/" + from), name, in: folder)
    }

    func put(bytes: [UInt8], _ name: String, in folder: String) throws {
      if !made.contains(folder) { #expect(mkdir(root.path + "/" + folder, 0o700) == 0) }
      made += [folder, folder + "/" + name]
      root.write(folder + "/" + name, bytes)
    }

    deinit {
      for path in made.reversed() { remove(root.path + "/" + path) }
    }
  }

  private static let picture = TensorDeclaration("x", .float32, shape: [3, 13, 17], role: .input)
  private static let isSecond = TensorDeclaration("y", .bool, role: .target)

  private static func open(
    _ folder: Folder, classes: [String]? = nil, _ transforms: [DataTransform] = [],
    _ declarations: [TensorDeclaration] = [picture, isSecond], validation: DataDescription? = nil, skips: Bool = false,
    memory: Int = 1 << 30
  ) throws -> DataOpening.Parts {
    var opening = DataOpening(
      training: DataDescription(.imageFolder(path: ".", classes: classes), transforms: transforms),
      validation: validation, declarations: declarations, folder: folder.root.path, seed: 3, skipsBadRows: skips)
    opening.pictureMemory = memory
    return try opening.open()
  }

  /// Two cats and two others, all of 17 x 13.
  private static func cats() throws -> Folder {
    let folder = Folder()
    try folder.put("colour.png", "b.png", in: "other")
    try folder.put("grey.png", "A.PNG", in: "other")
    try folder.put("fine.jpg", "2.jpeg", in: "cat")
    try folder.put("palette.png", "10.png", in: "cat")
    try folder.put(bytes: [1], ".hidden.png", in: "cat")
    try folder.put(bytes: [1], "notes.txt", in: "cat")
    return folder
  }

  /// Bytes, kept, decoded for each batch or changed at random, are the numbers that the same batch gives, unscaled.
  @Test(arguments: [[], [PictureTransform.flip(0.5)]], [1 << 30, 1])
  func bytesAreTheNumbersOfABatch(_ changes: [PictureTransform], memory: Int) throws {
    let parts = try Self.open(
      try Self.cats(), changes.map { .picture($0) } + [.scale(factor: 1 / 128.0)], memory: memory)
    #expect(parts.training.byteValues == ["x": ByteValues(scale: 1 / 128)])
    let sequence = try BatchSequence(parts.training, batch: 3, shuffle: true, keepLast: true, seed: 1)
    for order in [ExampleOrder.declared, .channelsLast] {
      for batch in 0..<2 {
        var numbers = [Float](repeating: -1, count: 3 * 663)
        numbers.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: 0, batch: batch, order: order) }
        var written = [Float](repeating: -1, count: 3 * 663)
        sequence.writeBytes(tensor: 0, batch: batch, order: order) { position, bytes in
          for (index, byte) in bytes.enumerated() { written[position * 663 + index] = Float(byte) / 128 }
        }
        let areSame = numbers == written
        #expect(areSame)
      }
    }
  }

  /// What bytes stand for is told by the description as by the data, but for statistics.
  @Test(arguments: bytesAndPairs) func valuesOfBytes(_ transforms: [DataTransform], _ pairs: Int) throws {
    let training = try Self.open(try Self.cats(), transforms).training
    let found = try #require(training.byteValues["x"])
    let told = try #require(
      DataDescription(.imageFolder(path: "p", classes: nil), transforms: transforms)
        .byteValues(of: training.tensors.map(\.declaration), folder: "")["x"])
    #expect(found.scale.count == pairs && told.scale.count == pairs)
    #expect(training.byteValues.count == 1)
    if !transforms.contains(where: { $0.word == "standardize" || $0.word == "min_max" }) { #expect(found == told) }
    let tables = found.table
    try #require(tables.count == 256 * pairs)
    guard case .bytes(_, let values) = training.tensors[0].storage else { throw Missing() }
    let largest = values.map(abs).max() ?? 0
    for (a, b) in zip(values, tables) { #expect(abs(a - b) <= largest * 0x1p-22) }
  }

  private struct Missing: Error {}

  private static let bytesAndPairs: [(transforms: [DataTransform], pairs: Int)] = [
    ([.scale(factor: 1 / 255)], 1), ([.scale(factor: 0)], 1), ([.normalize(mean: [1], deviation: [2])], 1),
    ([.imagenet], 3), ([.scale(factor: 1 / 255), .imagenet], 3),
    ([.normalize(mean: [1, 2, 3], deviation: [2], tensors: ["x"]), .scale(factor: -3)], 3),
    ([.standardize()], 3), ([.minMax()], 3), ([.minMax(), .scale(factor: 2)], 3),
  ]

  @Test func mixedPicturesAreNoBytes() throws {
    let description = DataDescription(.idx(stem: "p"), transforms: [.scale(factor: 1), .mixup(alpha: 0.2)])
    #expect(
      description.byteValues(of: [TensorDeclaration("x", .float32, shape: [1, 9, 9], role: .input)], folder: "").isEmpty
    )
    #expect(ByteValues(table: (0..<256).map { Float($0 * $0) }) == nil)
    #expect(ByteValues(table: (0..<256).map { Float($0) / 0 }) == nil)
  }

  @Test func readsClassesAndPicturesInTheirOrder() throws {
    let folder = try Self.cats()
    let sorted = try Self.open(folder).training
    #expect(try sorted.numbers("y") == [0, 0, 1, 1])
    #expect(sorted.tensors[1].classNames == ["cat", "other"])
    let given = try Self.open(folder, classes: ["other", "cat"], [.scale(factor: 1 / 255)]).training
    #expect(try given.numbers("y") == [0, 0, 1, 1])
    #expect(given.tensors[1].classNames == ["other", "cat"])
    // A.PNG, b.png, then 10.png, 2.jpeg: by bytes.
    let names = ["grey.png", "colour.png", "palette.png", "fine.jpg"]
    var expected: [Float] = []
    for name in names {
      var planes: [UInt8] = []
      try PictureFile.read(Fixture.path("pictures/" + name), channels: 3).appendPlanes(to: &planes)
      expected += planes.map { Float(Double($0) * (1 / 255)) }
    }
    #expect(try given.numbers("x") == expected)
  }

  /// torchvision's `ToTensor` divides by 255 before `Normalize` gets these numbers; here they hold with and without a `scale`.
  @Test(arguments: [
    [], [DataTransform.scale(factor: 1 / 255)], [.scale(factor: 1 / 127.5)], [.normalize(mean: [255], deviation: [-2])],
  ])
  func imagenetNormalizesWhateverWhiteIs(before: [DataTransform]) throws {
    let folder = try Self.cats()
    let bytes = try Self.open(folder).training.numbers("x")
    let found = try Self.open(folder, before + [.imagenet]).training.numbers("x")
    let (mean, deviation) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    var largest = 0.0
    for (index, byte) in bytes.enumerated() {
      let channel = index / (13 * 17) % 3
      let expected = (Double(byte) / 255 - mean[channel]) / deviation[channel]
      largest = max(largest, abs(Double(found[index]) - expected))
    }
    #expect(found.count == bytes.count && largest < 1e-5)
  }

  @Test func decodesWhatMemoryDoesNotHold() throws {
    let folder = try Self.cats()
    let transforms: [DataTransform] = [
      .picture(.resize(height: 20, width: 18)), .picture(.randomCrop(height: 13, width: 17, pad: 1)),
      .picture(.flip(0.5)), .picture(.jitter(brightness: 0.3, contrast: 0.3, saturation: 0.3)),
      .normalize(mean: [1, 2, 3], deviation: [4, 5, 6]),
    ]
    let kept = try Self.open(folder, transforms).training
    let read = try Self.open(folder, transforms, memory: 10).training
    var sequences = [kept, read].map { data in
      Result { try BatchSequence(data, batch: 4, shuffle: false, keepLast: false, seed: 1) }
    }
    var passes: [[Float]] = []
    for pass in 0..<3 {
      var results: [[Float]] = []
      for index in sequences.indices {
        var sequence = try sequences[index].get()
        sequence.startEpoch(pass)
        var numbers = [Float](repeating: .nan, count: 4 * 3 * 13 * 17)
        numbers.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: 0, batch: 0) }
        #expect(sequence.failure == nil)
        sequences[index] = .success(sequence)
        results.append(numbers)
      }
      #expect(results[0] == results[1])
      passes.append(results[0])
    }
    #expect(Set(passes).count == 3)
    // Made ahead one by one, they are what they were together; a jump finds what it asks for as well.
    var single = try BatchSequence(read, batch: 1, shuffle: false, keepLast: false, seed: 1)
    for (pass, batches) in [(0, [0, 1, 2, 3]), (2, [0, 1, 3, 2])] {
      single.startEpoch(pass)
      for batch in batches {
        var numbers = [Float](repeating: .nan, count: 3 * 13 * 17)
        numbers.withUnsafeMutableBufferPointer { single.fill($0, tensor: 0, batch: batch) }
        #expect(numbers[...] == passes[pass][(batch * 663)..<((batch + 1) * 663)])
      }
    }
    // A file that goes away later.
    unlink(folder.root.path + "/cat/2.jpeg")
    let sequence = try sequences[1].get()
    var numbers = [Float](repeating: .nan, count: 4 * 3 * 13 * 17)
    numbers.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: 0, batch: 0) }
    #expect(sequence.failure?.kind == .noInput)
    #expect(try sequences[0].get().failure == nil)
  }

  /// Kept bytes and pictures made anew, plain and with a table for each channel.
  @Test(arguments: [[], [DataTransform.normalize(mean: [1, 2, 3], deviation: [4, 5, 6])]])
  func channelsMayComeLast(numbers: [DataTransform]) throws {
    let folder = try Self.cats()
    for isRandom in [false, true] {
      let pictures: [DataTransform] = [.picture(.resize(height: 13, width: 17))]
      let random: [DataTransform] =
        isRandom ? [.picture(.flip(0.5)), .picture(.jitter(brightness: 0.3, contrast: 0, saturation: 0))] : []
      let data = try Self.open(folder, pictures + random + numbers).training
      let sequence = try BatchSequence(data, batch: 4, shuffle: false, keepLast: false, seed: 1, mixup: 0.4)
      func filled(_ order: ExampleOrder) -> [Float] {
        var numbers = [Float](repeating: .nan, count: 4 * 3 * 13 * 17)
        numbers.withUnsafeMutableBufferPointer { sequence.fill($0, tensor: 0, batch: 0, order: order) }
        return numbers
      }
      let (planes, pixels) = (filled(.declared), 13 * 17)
      let expected = (0..<4).flatMap { example in
        (0..<pixels).flatMap { pixel in (0..<3).map { planes[(example * 3 + $0) * pixels + pixel] } }
      }
      #expect(filled(.channelsLast) == expected)
    }
  }

  @Test func validationLeavesNothingToChance() throws {
    let folder = try Self.cats()
    let parts = try Self.open(
      folder, [.picture(.randomCrop(height: 9, width: 9, pad: 0)), .picture(.flip(1))],
      [TensorDeclaration("x", .float32, shape: [3, 9, 9], role: .input), Self.isSecond],
      validation: DataDescription(.split(fraction: 0.25)))
    let validation = try #require(parts.validation)
    var expected: [UInt8] = []
    let path = ["cat/10.png", "cat/2.jpeg", "other/A.PNG", "other/b.png"][Int(validation.rows[0])]
    try PictureFile.read(folder.root.path + "/" + path, channels: 3).centerCropped(width: 9, height: 9)
      .appendPlanes(to: &expected)
    #expect(try validation.numbers("x") == expected.map { Float($0) })
  }

  @Test func greyIsWhatTheInputSays() throws {
    let folder = try Self.cats()
    let grey = TensorDeclaration("x", .float32, shape: [1, 13, 17], role: .input)
    let data = try Self.open(folder, classes: ["cat", "other"], [], [grey, Self.isSecond]).training
    let last = try PictureFile.read(Fixture.path("pictures/colour.png"), channels: 1)
    #expect(try data.numbers("x").suffix(13 * 17) == last.bytes.map { Float($0) }[...])
  }

  @Test func badPicturesAreErrorsOrLeftOut() throws {
    let folder = try Self.cats()
    try folder.put(bytes: Array("GIF89a".utf8), "c.gif", in: "cat")
    try expectError(.badData, "c.gif", "GIF", "on_bad = skip") { try Self.open(folder) }
    let training = try Self.open(folder, skips: true).training
    #expect(training.count == 4)
    #expect(training.skipped.map(\.path) == [folder.root.path + "/./cat/c.gif"])
  }

  @Test func saysWhatDoesNotFit() throws {
    let folder = try Self.cats()
    let classes = TensorDeclaration("y", .index(count: 5), role: .target)
    try expectError(.badData, "2 classes", "`cat`, `other`", "index(2)") {
      try Self.open(folder, [], [Self.picture, classes])
    }
    try expectError(.noInput, "no folder `dog`", "`cat`") { try Self.open(folder, classes: ["dog", "cat"]) }
    try expectError(.badData, "one class only, `cat`", "a folder for each class") {
      try Self.open(folder, classes: ["cat"])
    }
    let large = TensorDeclaration("x", .float32, shape: [3, 32, 32], role: .input)
    try expectError(.badData, "13 x 17, expected 32 x 32", "resize(32, 32)") {
      try Self.open(folder, [], [large, Self.isSecond])
    }
    try expectError(.description, "resize makes pictures of 4 x 4") {
      try Self.open(folder, [.picture(.resize(height: 4, width: 4))])
    }
    try expectError(.description, "write resize before scale") {
      try Self.open(folder, [.scale(factor: 2), .picture(.resize(height: 13, width: 17))])
    }
    try expectError(.description, "pixels") {
      try Self.open(folder, [.picture(.resize(height: 1 << 40, width: 1 << 40))])
    }
    let vector = TensorDeclaration("x", .float32, shape: [663], role: .input)
    try expectError(.description, "f32[663]", "channels") { try Self.open(folder, [], [vector, Self.isSecond]) }
    try folder.put(bytes: [], "readme.txt", in: "empty")
    try expectError(.badData, "empty", "holds no pictures") { try Self.open(folder, classes: ["empty", "cat"]) }
  }
}
