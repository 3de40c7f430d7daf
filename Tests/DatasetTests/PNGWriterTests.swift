import Testing

@testable import Datasets

@Suite(.enabled(if: pictureLibrariesAreInstalled, "libturbojpeg or libpng16 is not installed")) struct PNGWriterTests {
  /// libpng reads back what was written.
  @Test(arguments: [(1, 1, 1), (7, 3, 3), (300, 200, 3), (64, 64, 1)])
  func libraryReadsTheFile(width: Int, height: Int, channels: Int) throws {
    var generator = SplitMix64(seed: UInt64(width))
    let bytes = (0..<(width * height * channels)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let folder = TemporaryFolder()
    let path = folder.write(
      "p.png", PNGWriter.file(width: width, height: height, channels: channels, bytes: bytes))
    let picture = try PictureFile.read(path, channels: channels)
    #expect(picture == Picture(width: width, height: height, channels: channels, bytes: bytes))
  }

  /// The way without zlib, by RFC 1950 and 1951: a header that 31 divides, stored blocks of at most 65,535 bytes with their length and
  /// its complement, the last one marked, and Adler's checksum.
  @Test(arguments: [1, 65_535, 65_536, 200_000]) func storedBlocksAreAValidStream(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let stream = PNGWriter.stored(bytes)
    #expect((Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0)
    var place = 2
    var content: [UInt8] = []
    var isLast = false
    while !isLast {
      isLast = stream[place] == 1
      let length = Int(stream[place + 1]) | Int(stream[place + 2]) << 8
      let complement = Int(stream[place + 3]) | Int(stream[place + 4]) << 8
      try #require(length ^ complement == 0xFFFF)
      content += stream[(place + 5)..<(place + 5 + length)]
      place += 5 + length
    }
    #expect(content == bytes)
    let a = bytes.reduce(1) { ($0 + Int($1)) % 65_521 }
    var (sum, b) = (1, 0)
    for byte in bytes { (sum, b) = ((sum + Int(byte)) % 65_521, (b + sum + Int(byte)) % 65_521) }
    #expect(Array(stream[place...]) == [b >> 8, b & 255, a >> 8, a & 255].map { UInt8($0) })
  }

  @Test func picturesAreSeenInTheirOwnRange() throws {
    let declaration = TensorDeclaration("x", .float32, shape: [1, 2, 2], role: .input)
    let data = DataTensor(declaration, .bytes([0, 16, 8, 4], values: (0..<256).map { Float($0) / 16 }))
    let view = try #require(PictureView(data))
    let folder = TemporaryFolder()
    let path = folder.write("p.png", view.png([0, 1, 0.5, 2]))
    #expect(try PictureFile.read(path, channels: 1).bytes == [0, 255, 128, 255])
    #expect(PictureView(DataTensor(TensorDeclaration("x", .float32, shape: [4], role: .input), .floats([1]))) == nil)
  }
}
