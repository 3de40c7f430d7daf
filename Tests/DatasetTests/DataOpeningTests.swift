import Graphs
import Testing

@testable import Datasets

@Suite struct DataOpeningTests {
  /// A safetensors file with 40 examples of two channels, x[n, c, i] = n + 100 c + i, and y[n] = n % 3.
  private func tensors(_ folder: TemporaryFolder) throws -> [TensorDeclaration] {
    let x = (0..<240).map { (index: Int) -> Float in
      let (example, channel, place) = (index / 6, index / 3 % 2, index % 3)
      return Float(example + 100 * channel + place)
    }
    try SafetensorsWriter.write(
      [
        .init("x", shape: [40, 2, 3], .floats(x)),
        .init("y", shape: [40], .integers((0..<40).map { $0 % 3 })),
        .init("b", shape: [40], .bools((0..<40).map { $0 % 2 == 1 })),
        .init("f", shape: [40], .floats((0..<40).map { Float($0 % 2) / 2 })),
      ], to: folder.path + "/d.safetensors")
    return [.init("x", .float32, shape: [2, 3], role: .input), .init("y", .index(count: 3), role: .target)]
  }

  private func opening(
    _ folder: TemporaryFolder, _ transforms: [DataTransform] = [], validation: DataDescription? = nil,
    shuffle: Bool = true, seed: UInt64 = 1
  ) throws -> DataOpening {
    DataOpening(
      training: DataDescription(.tensors(path: "d.safetensors", shuffle: shuffle), transforms: transforms),
      validation: validation, declarations: try tensors(folder), folder: folder.path, seed: seed)
  }

  @Test func readsTensorsOfEveryDeclaredKind() throws {
    let folder = TemporaryFolder()
    var opening = try opening(folder, shuffle: false)
    opening.declarations.append(.init("b", .bool, role: .target))
    let data = try opening.open().training
    #expect(data.count == 40)
    #expect(!data.mayShuffle)
    #expect(try data.numbers("x").prefix(9) == [0, 1, 2, 100, 101, 102, 1, 2, 3])
    #expect(try data.numbers("y").prefix(4) == [0, 1, 2, 0])
    #expect(try data.numbers("b").prefix(4) == [0, 1, 0, 1])
  }

  /// Statistics of a training hold for other data: here means and deviations of its rows, computed from what the file was made of.
  @Test func takesStatisticsThatATrainingHasFound() throws {
    let folder = TemporaryFolder()
    let split = try opening(folder, [.standardize(tensors: [])], validation: DataDescription(.split(fraction: 0.25)))
    let training = try split.open().training
    var other = try opening(
      folder, [.standardize(tensors: [])],
      validation: DataDescription(
        .tensors(path: "d.safetensors", shuffle: false), transforms: [.standardize(tensors: [])]))
    other.learnt = DataOpening.Learnt(transforms: training.transforms, encoders: [])
    let parts = try other.open()
    let rows = training.rows.map { Double($0) }
    let mean = rows.reduce(0, +) / 30
    // Three places of 0, 1, 2 are added to the number of each example.
    let deviation = (rows.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30 + 2.0 / 3).squareRoot()
    for data in [parts.training, try #require(parts.validation)] {
      let found = try data.numbers("x")
      #expect(abs(Double(found[0]) - (0 - mean - 1) / deviation) < 1e-5)
      #expect(abs(Double(found[39 * 6 + 5]) - (39 + 2 - mean - 1) / deviation) < 1e-5)
    }
    other.training.transforms = [.minMax(tensors: [])]
    try expectError(.description, "the data has min_max of x where the training has not") { try other.open() }
    other.training.transforms = []
    try expectError(.description, "the training has standardize of x, the data has not") { try other.open() }
    other.training.transforms = [.standardize(tensors: [])]
    other.learnt = DataOpening.Learnt(
      transforms: [FittedTransform(tensor: "x", center: [1, 2, 3], measure: "standardize")], encoders: [])
    try expectError(.badData, "the statistics of x are 3 pairs, it is f32[2, 3]") { try other.open() }
  }

  @Test func namesAnExampleWhoseMaskHidesAll() throws {
    let folder = TemporaryFolder()
    var declaration = TensorDeclaration("m", .bool, shape: [3], role: .input)
    try SafetensorsWriter.write(
      [.init("m", shape: [3, 3], .bools([true, false, true, false, false, true, false, false, false]))],
      to: folder.path + "/d.safetensors")
    func open() throws -> Dataset {
      try DataOpening(
        training: DataDescription(.tensors(path: "d.safetensors", shuffle: true)), declarations: [declaration],
        folder: folder.path, seed: 1
      ).open().training
    }
    #expect(try open().count == 3)
    declaration.hidingNumber = 0
    try expectError(.badData, "d.safetensors: example 2: m is false everywhere", "hides all") { try open() }
    declaration = TensorDeclaration("ids", .index(count: 5), shape: [2], role: .input)
    try SafetensorsWriter.write(
      [.init("ids", shape: [3, 2], .integers([0, 3, 3, 3, 0, 0]))], to: folder.path + "/d.safetensors")
    #expect(try open().count == 3)
    declaration.hidingNumber = 3
    try expectError(.badData, "d.safetensors: example 1: ids is 3 everywhere: the mask `ids != 3` hides all") {
      try open()
    }
    // Of a table the line is told, also behind lines that were left out.
    folder.write("d.csv", "a,b\n1,3\n\n1,oops\n3,3\n")
    let table = TableDescription(
      path: "d.csv", delimiter: .csv, tensors: [TableTensor("ids", columns: [.title("a"), .title("b")])])
    let opening = DataOpening(
      training: DataDescription(.table(table)), declarations: [declaration], folder: folder.path, seed: 1,
      skipsBadRows: true)
    try expectError(.badData, "d.csv:5: ids is 3 everywhere: the mask `ids != 3` hides all") { try opening.open() }
  }

  @Test func refusesTargetsThatTheLossIgnoresAltogether() throws {
    let folder = TemporaryFolder()
    var declaration = TensorDeclaration("y", .index(count: 5), shape: [2], role: .target)
    for (name, numbers) in [("a", [3, 3, 3, 1]), ("b", [3, 3, 3, 3])] as [(String, [Int64])] {
      try SafetensorsWriter.write(
        [.init("y", shape: [2, 2], .integers(numbers))], to: folder.path + "/\(name).safetensors")
    }
    func open(_ training: String, _ validation: String) throws -> Int {
      try DataOpening(
        training: DataDescription(.tensors(path: "\(training).safetensors", shuffle: true)),
        validation: DataDescription(.tensors(path: "\(validation).safetensors", shuffle: true)),
        declarations: [declaration], folder: folder.path, seed: 1
      ).open().training.count
    }
    #expect(try open("b", "b") == 2)
    declaration.ignoredNumber = 3
    #expect(try open("a", "a") == 2)
    try expectError(.badData, "b.safetensors: y is 3 everywhere, which the loss ignores") { try open("b", "a") }
    try expectError(.badData, "b.safetensors: y is 3 everywhere, which the loss ignores") { try open("a", "b") }
    declaration.ignoredNumber = 1
    #expect(try open("a", "b") == 2)
  }

  @Test func namesWhatDoesNotFitTheNet() throws {
    let folder = TemporaryFolder()
    let right = try opening(folder)
    func expect(_ declaration: TensorDeclaration, _ problem: String, _ kind: DataError.Kind = .badData) throws {
      var opening = right
      opening.declarations[1] = declaration
      try expectError(kind, problem, "d.safetensors") { try opening.open() }
    }
    try expect(.init("z", .bool, role: .target), "has no tensor `z`")
    try expect(.init("y", .bool, shape: [2], role: .target), "y is bool[2], the file holds I64[40]")
    try expect(.init("y", .index(count: 2), role: .target), "example 2: y is 2, expected 0 to 1")
    try expect(.init("f", .index(count: 2), role: .target), "tensor `f` is F32, expected whole numbers")
    try expect(.init("f", .bool, role: .target), "example 1: f is 0.5, expected 0 or 1")
    try SafetensorsWriter.write(
      [
        .init("x", shape: [3, 2, 3], .floats([Float](repeating: 0, count: 18))),
        .init("y", shape: [2], .integers([0, 0])),
      ],
      to: folder.path + "/d.safetensors")
    var opening = right
    try expectError(.badData, "`x` has 3 examples, `y` has 2") { try opening.open() }
    opening.declarations[0].shape = [Int.max, 2]
    try expectError(.description, "too large") { try opening.open() }
    opening.declarations = [.init("x", .float32, shape: [2, 3], role: .input)]
    try SafetensorsWriter.write([.init("x", shape: [0, 2, 3], .floats([]))], to: folder.path + "/d.safetensors")
    try expectError(.badData, "holds no examples") { try opening.open() }
  }

  @Test func splitIsAPartitionThatDependsOnTheSeed() throws {
    let folder = TemporaryFolder()
    let split = DataDescription(.split(fraction: 0.2))
    let parts = try opening(folder, validation: split).open()
    let taken = try #require(parts.validation).rows
    #expect(taken.count == 8)
    #expect((parts.training.rows + taken).sorted() == Array(0..<40))
    #expect(taken == taken.sorted())
    #expect(try opening(folder, validation: split).open().validation?.rows == taken)
    #expect(try opening(folder, validation: split, seed: 2).open().validation?.rows != taken)
    for fraction in [0, 1, -0.5, .nan, 2] {
      try expectError(.description, "between 0 and 1") {
        try opening(folder, validation: DataDescription(.split(fraction: fraction))).open()
      }
    }
    try expectError(.description, "leaves one part of the 40 examples empty") {
      try opening(folder, validation: DataDescription(.split(fraction: 0.01))).open()
    }
  }

  @Test func splitTakesItsShareOfEveryClass() throws {
    let folder = TemporaryFolder()
    // Of classes 0, 1 and 2: 70, 25 and 5 examples.
    let labels = (0..<100).map { Int64($0 % 20 == 0 ? 2 : $0 % 4 == 1 ? 1 : 0) }
    #expect([0, 1, 2].map { label in labels.count { $0 == label } } == [70, 25, 5])
    try SafetensorsWriter.write(
      [.init("x", shape: [100], .floats((0..<100).map { Float($0) })), .init("y", shape: [100], .integers(labels))],
      to: folder.path + "/d.safetensors")
    func counts(_ fraction: Double, stratified: Bool, seed: UInt64) throws -> [Int] {
      let parts = try DataOpening(
        training: DataDescription(.tensors(path: "d.safetensors", shuffle: true)),
        validation: DataDescription(.split(fraction: fraction, stratified: stratified)),
        declarations: [.init("x", .float32, role: .input), .init("y", .index(count: 3), role: .target)],
        folder: folder.path, seed: seed
      ).open()
      let rows = try #require(parts.validation).rows
      #expect((parts.training.rows + rows).sorted() == Array(0..<100))
      return [0, 1, 2].map { label in rows.count { labels[Int($0)] == label } }
    }
    for seed: UInt64 in 0..<4 {
      #expect(try counts(0.2, stratified: true, seed: seed) == [14, 5, 1])
      // 7.7, 2.75 and 0.55 of 11: two more for the largest remainders.
      #expect(try counts(0.11, stratified: true, seed: seed) == [8, 3, 0])
    }
    // Without it chance decides, and not always alike.
    #expect(Set(try (0..<6).map { try counts(0.2, stratified: false, seed: $0) }).count > 1)
  }

  @Test func numbersThatAreNotFiniteAreErrors() throws {
    let folder = TemporaryFolder()
    for bad in [Float.nan, .infinity] {
      try SafetensorsWriter.write(
        [.init("x", shape: [4, 2], .floats([0, 1, 2, 3, 4, bad, 6, 7]))], to: folder.path + "/d.safetensors")
      try expectError(.badData, "example 2", "x is \(bad)") {
        try DataOpening(
          training: DataDescription(.tensors(path: "d.safetensors", shuffle: true)),
          declarations: [.init("x", .float32, shape: [2], role: .input)], folder: folder.path, seed: 0
        ).open()
      }
    }
  }

  @Test func statisticsComeFromTheTrainingPartAlone() throws {
    let folder = TemporaryFolder()
    let parts = try opening(folder, [.standardize()], validation: DataDescription(.split(fraction: 0.25))).open()
    // By hand: channel c of the rows that are left holds n + 100 c + i.
    let left = parts.training.rows.map { Double($0) }
    for channel in 0..<2 {
      let values = left.flatMap { n in (0..<3).map { n + 100 * Double(channel) + Double($0) } }
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)).squareRoot()
      let fitted = try #require(parts.training.transforms.first)
      #expect(abs(fitted.center[channel] - mean) < 1e-9)
      #expect(abs(fitted.divisor[channel] - deviation) < 1e-9)
      let validation = try #require(parts.validation)
      let first = Double(try #require(validation.rows.first))
      let expected = (first + 100 * Double(channel) - mean) / deviation
      #expect(abs(Double(try validation.numbers("x")[3 * channel]) - expected) < 1e-5)
    }
  }

  @Test func numbersOfTensorsAreFinite() throws {
    let folder = TemporaryFolder()
    let source = DataSource.tensors(path: "v.safetensors", shuffle: true)
    try SafetensorsWriter.write(
      [
        .init("x", shape: [2, 2, 3], .floats([0, 0, 0, 0, 0, 0, 0, 0, .nan, 0, 0, 0])),
        .init("y", shape: [2], .integers([0, 0])),
      ],
      to: folder.path + "/v.safetensors")
    try expectError(.badData, "v.safetensors: example 1: x is nan") {
      try opening(folder, validation: DataDescription(source)).open()
    }
  }

  @Test func validationOfItsOwnTakesTheStatisticsOver() throws {
    let folder = TemporaryFolder()
    let source = DataSource.tensors(path: "v.safetensors", shuffle: true)
    try SafetensorsWriter.write(
      [.init("x", shape: [1, 2, 3], .floats([39, 39, 39, 0, 139, 141])), .init("y", shape: [1], .integers([0]))],
      to: folder.path + "/v.safetensors")
    let parts = try opening(
      folder, [.scale(factor: 2), .minMax()],
      validation: DataDescription(source, transforms: [.scale(factor: 2), .minMax()])
    ).open()
    // The training part has 0 to 41 and 100 to 141 in its channels.
    let expected = [39, 39, 39, -100, 39, 41].map { Float($0 / 41.0) }
    #expect(try parts.validation?.numbers("x") == expected)
    try expectError(.description, "validation has min_max of x where data has not") {
      try opening(folder, validation: DataDescription(source, transforms: [.minMax()])).open()
    }
    try expectError(.description, "data has standardize of x, validation has not") {
      try opening(folder, [.standardize()], validation: DataDescription(source)).open()
    }
  }

  @Test func transformsApplyToInputsUnlessNamed() throws {
    let folder = TemporaryFolder()
    var opening = try opening(folder, [.scale(factor: 10), .normalize(mean: [1, 2], deviation: [4], tensors: ["x"])])
    opening.declarations.append(.init("f", .float32, role: .target))
    #expect(try opening.open().training.numbers("x").prefix(6) == [-0.25, 2.25, 4.75, 249.5, 252, 254.5])
    #expect(try opening.open().training.numbers("f").prefix(3) == [0, 0.5, 0])
    opening.training.transforms = [.scale(factor: 10, tensors: ["f"])]
    #expect(try opening.open().training.numbers("f").prefix(3) == [0, 5, 0])
    for (transform, problem) in [
      (.scale(factor: 2, tensors: ["z"]), "scale: `z` is no input and no target"),
      (.scale(factor: .infinity), "gives no numbers"),
      (.minMax(tensors: ["y"]), "min_max changes numbers; y is index(3)"),
      (.imagenet, "3 means and 3 deviations, x is f32[2, 3] with 2 channels"),
      (.normalize(mean: [0], deviation: [0]), "not 0"),
      (.picture(.flip(0.5)), "flip changes pictures of an image_folder"),
    ] as [(DataTransform, String)] {
      opening.training.transforms = [transform]
      try expectError(.description, problem) { try opening.open() }
    }
  }

  @Test func tensorsThatNothingReadsAreKnown() throws {
    let folder = TemporaryFolder()
    try SafetensorsWriter.write(
      ["y", "x", "z"].map { .init($0, shape: [4, 1], .floats([1, 2, 3, 4])) }, to: folder.path + "/u.safetensors")
    let parts = try DataOpening(
      training: DataDescription(.tensors(path: "u.safetensors", shuffle: true)),
      validation: DataDescription(.split(fraction: 0.5)),
      declarations: [.init("x", .float32, shape: [1], role: .input)], folder: folder.path, seed: 1
    ).open()
    #expect(parts.training.unread.sorted() == ["y", "z"])
    // It is the same file.
    #expect(parts.validation?.unread == [])
  }

  /// Bytes of a file stay bytes, and are the numbers that floats would be.
  @Test func tensorsOfBytesAreBytes() throws {
    let folder = TemporaryFolder()
    let header =
      #"{"x":{"dtype":"U8","shape":[3,2],"data_offsets":[0,6]},"f":{"dtype":"U8","shape":[3,1],"data_offsets":[6,9]}}"#
    let padded = Array(header.utf8) + Array(repeating: 0x20, count: (8 - header.utf8.count % 8) % 8)
    folder.write("b.safetensors", [UInt8(padded.count), 0, 0, 0, 0, 0, 0, 0] + padded + [0, 255, 4, 8, 9, 9, 7, 8, 9])
    let source = DataSource.tensors(path: "b.safetensors", shuffle: false)
    let declarations = [
      TensorDeclaration("x", .float32, shape: [2], role: .input),
      TensorDeclaration("f", .float32, shape: [1], role: .target),
    ]
    let described = DataDescription(source, transforms: [.scale(factor: 0.5)])
    let data = try DataOpening(training: described, declarations: declarations, folder: folder.path, seed: 1)
      .open().training
    #expect(try data.numbers("x") == [0, 127.5, 2, 4, 4.5, 4.5])
    #expect(try data.numbers("f") == [7, 8, 9])
    #expect(data.byteValues == ["x": ByteValues(scale: 0.5)])
    #expect(described.byteValues(of: declarations, folder: folder.path) == data.byteValues)
    #expect(described.byteValues(of: declarations, folder: folder.path + "/none").isEmpty)
    let range = try #require(data.range(tensor: 0))
    #expect(range == (low: 0, mean: 142.5 / 6, high: 127.5))

    var masked = declarations
    masked[0].hidingNumber = 9
    let opening = DataOpening(training: described, declarations: masked, folder: folder.path, seed: 1)
    try expectError(.badData, "hides all of the sequence") { try opening.open() }
  }

  @Test func constantsStandardizeToZero() throws {
    let folder = TemporaryFolder()
    try SafetensorsWriter.write(
      [.init("x", shape: [7, 1], .floats(Array(repeating: 0.1, count: 7)))], to: folder.path + "/c.safetensors")
    for transform in [DataTransform.standardize(), .minMax()] {
      let data = try DataOpening(
        training: DataDescription(.tensors(path: "c.safetensors", shuffle: true), transforms: [transform]),
        declarations: [.init("x", .float32, shape: [1], role: .input)], folder: folder.path, seed: 1
      ).open().training
      #expect(try data.numbers("x").allSatisfy { abs($0) < 1e-7 })
    }
  }

  /// Bytes through tables and numbers one by one are the same thing.
  @Test func bytesChangeAsNumbersDo() throws {
    let bytes = (0..<96).map { UInt8(truncatingIfNeeded: $0 * 37) }
    for shape in [[2, 2, 6], [24]] {
      let declaration = TensorDeclaration("x", .float32, shape: shape, role: .input)
      var first = DataTensor(declaration, .bytes(bytes, values: (0..<256).map { Float($0) }))
      var second = DataTensor(declaration, .floats(bytes.map { Float($0) }))
      let channels = shape[0]
      for transform in [
        FittedTransform(tensor: "x", factor: 1 / 255),
        FittedTransform(tensor: "x", center: (0..<channels).map { Double($0) / 7 }, divisor: [0.3]),
        FittedTransform(tensor: "x", factor: 3),
      ] {
        transform.apply(to: &first)
        transform.apply(to: &second)
        var a = [Float](repeating: 0, count: 96)
        var b = a
        a.withUnsafeMutableBufferPointer { first.fill($0, examples: [2, 0, 3, 1]) }
        b.withUnsafeMutableBufferPointer { second.fill($0, examples: [2, 0, 3, 1]) }
        #expect(a == b)
      }
    }
  }

  @Test func saysWhatCannotBeOpenedYet() throws {
    for (source, problem) in [
      (.unsupported(word: "text"), "text cannot be opened yet"), (.split(fraction: 0.5), "only `validation`"),
      (.tensors(path: "none", shuffle: true), "none: no such file"), (.idx(stem: ""), "idx needs"),
    ] as [(DataSource, String)] {
      let error = try dataError {
        try DataOpening(training: DataDescription(source), declarations: IDXTests.declarations, folder: ".", seed: 1)
          .open()
      }
      #expect(error.message.hasPrefix(problem))
    }
  }

  @Test func exitStatusesAreThoseOfSysexits() {
    let statuses: [(DataError.Kind, Int32)] = [
      (.noInput, 66), (.badData, 65), (.cannotCreate, 73), (.inputOutput, 74), (.description, 1),
    ]
    for (kind, status) in statuses { #expect(DataError(kind, nil, "").exitStatus == status) }
    #expect(DataError.quoted("a\u{1B}[31m\u{202E}") == "`a\\u{1b}[31m\\u{202e}`")
    let long = String(repeating: "x", count: 40)
    #expect(DataError.quoted(long + "x") == "`" + long + "...`")
  }
}
