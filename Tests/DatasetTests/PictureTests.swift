import Testing

@testable import Datasets

/// Whether this machine has the libraries that read pictures; the package itself builds and runs without them.
let pictureLibrariesAreInstalled =
  (try? JPEGLibrary.load(for: "")) != nil && (try? PNGLibrary.load(for: "")) != nil

/// Pictures as Pillow and torchvision read and change them, see `Fixtures/make_pictures.py`.
@Suite(.enabled(if: pictureLibrariesAreInstalled, "libturbojpeg or libpng16 is not installed")) struct PictureTests {
  private static let expected = try? SafetensorsFile(Fixture.path("pictures.safetensors"))

  /// What Pillow made, by its name in the fixture.
  private static func expected(_ name: String) throws -> Picture {
    let file = try #require(expected)
    let entry = try #require(file.entry(name), "no \(name)")
    return Picture(
      width: entry.shape[1], height: entry.shape[0], channels: entry.shape[2],
      bytes: try file.integers(entry).map { UInt8($0) })
  }

  /// Expects the size of the named picture, and no value further from its than `limit`.
  private static func expect(
    _ picture: Picture, _ name: String, within limit: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let wanted = try expected(name)
    try #require(
      [picture.width, picture.height, picture.channels] == [wanted.width, wanted.height, wanted.channels],
      "\(name): \(picture.size)", sourceLocation: sourceLocation)
    let worst = zip(picture.bytes, wanted.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(worst <= limit, "\(name): \(worst)", sourceLocation: sourceLocation)
  }

  private static func read(_ name: String, channels: Int = 3) throws -> Picture {
    try PictureFile.read(Fixture.path("pictures/" + name), channels: channels)
  }

  private static let whole = Result { try read("scene.png") }

  @Test(arguments: [
    "colour.png", "grey.png", "bits.png", "palette.png", "palette-transparent.png", "alpha.png", "grey-alpha.png",
    "gamma.png",
  ]) func readsPNG(name: String) throws {
    try Self.expect(try Self.read(name), name)
    try Self.expect(try Self.read(name, channels: 1), name + ".grey")
  }

  @Test(arguments: ["colour.jpg", "fine.jpg", "progressive.jpg", "grey.jpg", "ink.jpg"])
  func readsJPEG(name: String) throws {
    // Two builds of libjpeg-turbo may round colours differently by one, inks and their product by two.
    try Self.expect(try Self.read(name), name, within: 2)
    try Self.expect(try Self.read(name, channels: 1), name + ".grey", within: 2)
  }

  @Test(arguments: ["deep.png", "deep-grey.png"]) func takesTheHighByteOfDeepValues(name: String) throws {
    try Self.expect(try Self.read(name), name, within: 1)
  }

  @Test(arguments: 1...8) func turnsPicturesAsTheCameraWasHeld(orientation: Int) throws {
    try Self.expect(try Self.read("oriented-\(orientation).jpg"), "oriented-\(orientation).jpg", within: 2)
  }

  @Test func resizesAsPillow() throws {
    let whole = try Self.whole.get()
    for (height, width) in [(10, 15), (50, 40), (23, 3), (3, 31), (1, 1), (22, 32)] {
      try Self.expect(whole.resized(width: width, height: height), "resize \(height) \(width)", within: 1)
    }
    for short in [12, 23, 45] {
      let size = try #require(whole.size(shortSide: short))
      try Self.expect(whole.resized(width: size.width, height: size.height), "short \(short)", within: 1)
    }
  }

  @Test func cropsTurnsAndColoursAsTorchvision() throws {
    let whole = try Self.whole.get()
    for (height, width) in [(10, 15), (11, 16), (22, 30), (30, 35), (31, 10)] {
      try Self.expect(whole.centerCropped(width: width, height: height), "center \(height) \(width)")
    }
    for degrees in [17.0, -101.5, 3.25, 180.5] { try Self.expect(whole.rotated(degrees: degrees), "rotate \(degrees)") }
    for factor: Float in [0.0, 0.4, 1.0, 1.6] {
      try Self.expect(whole.brightened(factor), "brightness \(factor)")
      try Self.expect(whole.contrasted(factor), "contrast \(factor)")
      try Self.expect(whole.saturated(factor), "saturation \(factor)")
    }
    try Self.expect(whole.flipped, "flip")
  }

  @Test func saysWhichLibraryIsMissing() throws {
    try expectError(.noInput, "p.jpg", "libturbojpeg0") { try JPEGLibrary.load(for: "p.jpg", fileName: "libnone.so") }
    try expectError(.noInput, "p.png", "libpng16-16") { try PNGLibrary.load(for: "p.png", fileName: "libnone.so") }
  }

  @Test func refusesBombsBeforeTheyAreDecoded() throws {
    let folder = TemporaryFolder()
    var jpeg = try Fixture.bytes("pictures/grey.jpg")
    // The frame header: FF C0, length, precision, height, width.
    let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    for (offset, byte) in [(5, 0xF0), (6, 0), (7, 0xF0), (8, 0)] { jpeg[frame + offset] = UInt8(byte) }
    try expectError(.badData, "61440 x 61440", "on_bad") { try PictureFile.read(folder.write("p", jpeg), channels: 3) }
    var png = try Fixture.bytes("pictures/colour.png")
    // The sizes in IHDR; its checksum is wrong then, which is an error as well.
    for (place, byte) in [(16, 0x00), (17, 0x0F), (18, 0x42), (19, 0x40), (20, 0x00), (21, 0x0F)] {
      png[place] = UInt8(byte)
    }
    try expectError(.badData, "p") { try PictureFile.read(folder.write("p", png), channels: 3) }
    // A size that the file is too small for, though it could be decoded.
    for (offset, byte) in [(5, 0x0B), (6, 0xB8), (7, 0x0B), (8, 0xB8)] { jpeg[frame + offset] = UInt8(byte) }
    try expectError(.badData, "3000 x 3000", "no photograph") {
      try PictureFile.read(folder.write("p", jpeg), channels: 3)
    }
    try expectError(.badData, "5000 x 5000", "resize") {
      // Four numbers of 16 bits weigh as much as eight thirds of a pixel of three bytes.
      #expect(abs(PNGChunks.weight(of: [UInt8](repeating: 0, count: 24) + [16, 6]) - 8.0 / 3) < 1e-9)
      #expect(PNGChunks.weight(of: try Fixture.bytes("pictures/colour.png")) == 1)
      try expectError(.badData, "no photograph") {
        try PictureLimits.check("p", width: 2000, height: 2000, weight: 8.0 / 3, bytes: 30_000)
      }
      try PictureLimits.check("p", width: 2000, height: 2000, bytes: 30_000)
      try PictureLimits.check("p", width: 5000, height: 5000, bytes: 5_000_000)
    }
    try PictureLimits.check("p", width: 5000, height: 5000, divisor: 2, bytes: 5_000_000)
    #expect(Picture.byteCount(width: 1 << 40, height: 1 << 40, channels: 3) == nil)
  }

  /// A half of a picture is what the means of its squares of four pixels are, by and large.
  @Test func decodesLargePicturesAtAPartOfTheirSize() throws {
    let path = Fixture.path("pictures/fine.jpg")
    let bytes = try Fixture.bytes("pictures/fine.jpg")
    let whole = try #require(try JPEGLibrary.load(for: path).decode(bytes, path: path))
    let enough = min(whole.width, whole.height) / 2
    let half = try #require(
      try JPEGLibrary.load(for: path).decode(bytes, path: path, enough: enough, reducedFrom: 0))
    #expect([half.width, half.height] == [(whole.width + 1) / 2, (whole.height + 1) / 2])
    var sum = 0
    var count = 0
    for y in 0..<(whole.height / 2) {
      for x in 0..<(whole.width / 2) {
        for channel in 0..<3 {
          func value(_ x: Int, _ y: Int) -> Int { Int(whole.bytes[(y * whole.width + x) * 3 + channel]) }
          let mean =
            value(2 * x, 2 * y) + value(2 * x + 1, 2 * y) + value(2 * x, 2 * y + 1) + value(2 * x + 1, 2 * y + 1)
          sum += abs(mean / 4 - Int(half.bytes[(y * half.width + x) * 3 + channel]))
          count += 1
        }
      }
    }
    #expect(Double(sum) / Double(count) < 6, "\(Double(sum) / Double(count))")
    // Where a larger one is needed, or the picture is small, it is whole.
    for (enough, from) in [(enough + 1, 0), (1, PictureLimits.reducedFrom)] {
      #expect(try JPEGLibrary.load(for: path).decode(bytes, path: path, enough: enough, reducedFrom: from) == whole)
    }
    #expect(PictureTransform.resizeShort(100).resizedSide == 100)
    #expect(
      PictureTransform.randomResizedCrop(height: 10, width: 20, scale: 0.25...1, ratio: 1...1).resizedSide == 40)
    #expect(PictureTransform.centerCrop(height: 10, width: 20).resizedSide == nil)
  }

  @Test func countsTheScansOfProgressivePictures() throws {
    let plain = JPEGStructure(try Fixture.bytes("pictures/colour.jpg"))
    #expect(!plain.isProgressive)
    let structure = JPEGStructure(try Fixture.bytes("pictures/progressive.jpg"))
    #expect(structure.isProgressive && (2...20).contains(structure.scans), "\(structure.scans)")
    try structure.check("p", pixels: 1 << 20, density: 3)
    try expectError(.badData, "progressive") { try structure.check("p", pixels: 1 << 26, density: 1.5) }
    try plain.check("p", pixels: 1 << 26, density: 4)
  }

  @Test func cutoutBlackensSquares() throws {
    let white = Picture(width: 9, height: 7, channels: 3, bytes: .init(repeating: 255, count: 189))
    var generator: SplitMix64? = SplitMix64(seed: 3)
    var areas: Set<Int> = []
    var blackened = [Int](repeating: 0, count: 63)
    for _ in 0..<600 {
      let picture = try PictureTransform.cutout(size: 3, holes: 1).apply(to: white, path: "", &generator)
      let black = (0..<63).filter { picture.bytes[3 * $0] == 0 }
      for pixel in black {
        #expect(picture.bytes[(3 * pixel)..<(3 * pixel + 3)] == [0, 0, 0])
        blackened[pixel] += 1
      }
      let (rows, columns) = (Set(black.map { $0 / 9 }), Set(black.map { $0 % 9 }))
      #expect(black.count == rows.count * columns.count && rows.count <= 3 && columns.count <= 3)
      areas.insert(black.count)
    }
    // Nine in the middle, six at an edge, four in a corner.
    #expect(areas == [4, 6, 9])
    // Every centre is equally likely: a pixel within is covered by nine of the 63, one in the corner by four.
    #expect(abs(Double(blackened[31]) / 600 - 9.0 / 63) < 0.06 && abs(Double(blackened[0]) / 600 - 4.0 / 63) < 0.05)
    var none: SplitMix64?
    #expect(try PictureTransform.cutout(size: 3, holes: 1).apply(to: white, path: "", &none) == white)
    try expectError(.description, "holes") { try PictureTransform.cutout(size: 1, holes: 1000).check() }
  }

  @Test(.timeLimit(.minutes(15)), arguments: ["colour.jpg", "progressive.jpg", "palette.png", "oriented-6.jpg"])
  func damagedFilesAreErrors(name: String) throws {
    let folder = TemporaryFolder()
    let bytes = try Fixture.bytes("pictures/" + name)
    try expectError(.badData, "cut.x") {
      try PictureFile.read(folder.write("cut.x", Array(bytes.dropLast(bytes.count / 3))), channels: 3)
    }
    try MutationTests.run(bytes, count: 300) { mutated in
      _ = try PictureFile.read(folder.write("m", mutated), channels: 3)
    }
  }

  @Test func randomTransformsStayInTheirBounds() throws {
    let whole = try Self.whole.get()
    var generator: SplitMix64? = SplitMix64(seed: 7)
    var corners: Set<[Int]> = []
    var flips = 0
    // Each pixel's value is its place.
    let places = Picture(
      width: 16, height: 12, channels: 1, bytes: (0..<192).map { UInt8($0) })
    for _ in 0..<400 {
      let crop = try PictureTransform.randomCrop(height: 10, width: 12, pad: 0).apply(to: places, path: "", &generator)
      #expect(
        crop == places.cropped(left: Int(crop.bytes[0]) % 16, top: Int(crop.bytes[0]) / 16, width: 12, height: 10))
      corners.insert([Int(crop.bytes[0]) % 16, Int(crop.bytes[0]) / 16])
      if try PictureTransform.flip(0.25).apply(to: places, path: "", &generator) != places { flips += 1 }
      let part = try PictureTransform.randomResizedCrop(height: 9, width: 8, scale: 0.08...1, ratio: 0.75...1.25)
        .apply(to: whole, path: "", &generator)
      #expect([part.height, part.width] == [9, 8])
    }
    #expect(corners.count == 15)
    // Five standard deviations of 400 throws.
    #expect((57...143).contains(flips))
    try expectError(.badData, "too small", "pad") {
      try PictureTransform.randomCrop(height: 20, width: 20, pad: 2).apply(to: places, path: "q", &generator)
    }
  }
}
