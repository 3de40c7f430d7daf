import Testing

@testable import Datasets

@Suite struct SafetensorsTests {
  @Test func readsWhatTheReferencePackageWrites() throws {
    let file = try SafetensorsFile(Fixture.path("types.safetensors"))
    #expect(file.header.metadata == ["format": "pt", "ключ": "value 😀"])
    #expect(file.header.entries.count == 23)
    for type in SafetensorsType.allCases {
      let entry = try #require(file.entry(type.rawValue))
      let expected = try file.floats(try #require(file.entry(type.rawValue + ".float")))
      #expect(try file.floats(entry).map(\.bitPattern) == expected.map(\.bitPattern), "\(type)")
      #expect(entry.type == type)
    }
    #expect(try file.integers(#require(file.entry("I64"))) == [0, 1, -1, 127, -128, 100].map { $0 * 1_000_000_007 })
    #expect(try file.integers(#require(file.entry("I8"))) == [0, 1, -1, 127, -128, 100])
    #expect(try file.integers(#require(file.entry("BOOL"))) == [1, 0, 1])
    #expect(file.entry("scalar")?.shape == [])
    #expect(file.entry("empty")?.shape == [0, 3])
    #expect(file.entry("näme \"quoted\" \\ \n\t\u{1}")?.shape == [1])
    try expectError(.badData, "F16", "whole numbers") { try file.integers(#require(file.entry("F16"))) }
  }

  @Test func everyHalfPrecisionNumberIsExact() {
    for bits in UInt16.min...UInt16.max {
      let ours = SafetensorsType.float(half: bits)
      // The definition: (-1)^sign * 2^(e - 15) * 1.fraction, or 2^-14 * 0.fraction.
      let exponent = Int(bits >> 10) & 0x1F
      let fraction = Double(bits & 0x3FF) / 1024
      let scale = exponent == 0 ? Double(sign: .plus, exponent: -14, significand: 1) : 1
      let magnitude =
        exponent == 0
        ? scale * fraction : Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
      if exponent == 31 {
        #expect(fraction == 0 ? ours.isInfinite : ours.isNaN)
      } else {
        #expect(Double(ours) == (bits & 0x8000 == 0 ? magnitude : -magnitude))
      }
      #expect((ours.sign == .minus) == (bits & 0x8000 != 0))
    }
  }

  @Test func writesTheBytesThatTheFormatPrescribes() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/w.safetensors"
    try SafetensorsWriter.write(
      [
        .init("flag", shape: [2], .bools([true, false])), .init("b", shape: [1, 2], .floats([1, -2.5])),
        .init("n", shape: [], .integers([-2])), .init("a\"", shape: [1], .floatsFilled(by: { $0[0] = 3 })),
      ], metadata: ["k": "v\n"], to: path)
    let header =
      #"{"__metadata__":{"k":"v\n"},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
      + #""a\"":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[12,20]},"#
      + #""flag":{"dtype":"BOOL","shape":[2],"data_offsets":[20,22]}}"#
    let padded = Array(header.utf8) + Array(repeating: 0x20, count: (8 - header.utf8.count % 8) % 8)
    let expected: [UInt8] =
      [UInt8(padded.count & 255), UInt8(padded.count >> 8), 0, 0, 0, 0, 0, 0] + padded
      + [0xFE, 255, 255, 255, 255, 255, 255, 255] + [0, 0, 0x40, 0x40] + [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0] + [1, 0]
    #expect(try InputFile(path).bytes() == expected)
    #expect(folder.names == ["w.safetensors"])
    let file = try SafetensorsFile(path)
    #expect(file.header.metadata == ["k": "v\n"])
    #expect(try file.floats(#require(file.entry("b"))) == [1, -2.5])
  }

  private func open(_ header: String, data: Int = 0, length: Int? = nil) throws -> SafetensorsFile {
    let folder = TemporaryFolder()
    let count = length ?? header.utf8.count
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
    return try SafetensorsFile(folder.write("x.safetensors", bytes + Array(repeating: 7, count: data)))
  }

  @Test func acceptsWhatIsRight() throws {
    #expect(try open("{}").header.entries.isEmpty)
    let header = #"{ "a" : {"shape":[2,1],"data_offsets":[0,2],"dtype":"U8"} }   "#
    #expect(try open(header, data: 2).entry("a")?.offset == 8 + header.utf8.count)
    #expect(try open(#"{"\u0061\ud83d\ude00":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#).entry("a😀") != nil)
  }

  @Test(
    arguments: [
      ("", 0, nil, "too short"),
      ("{}", 0, 3, "the header should have 3 bytes"),
      ("{}", 0, 100_000_001, "is not a safetensors file"),
      ("{}", 0, -1, "is not a safetensors file"),
      // How files begin that torch.save makes.
      ("{}", 0, 0x0000_0808_0403_4B50, "archive of Python objects"),
      ("[]", 0, nil, "does not start with `{`"),
      ("{}x", 0, nil, "expected the end, got `x`"),
      (#"{"a":1}"#, 0, nil, "expected `{`, got `1`"),
      (#"{"a":{}}"#, 0, nil, "lacks one of"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"x":[]}}"#, 2, nil, "unknown key `x`"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},}"#, 2, nil, "expected `\"`"),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
        4, nil, "`a` stands twice"
      ),
      (#"{"a":{"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 2, nil, "`dtype` stands twice"),
      (#"{"__metadata__":{"k":"v","k":"w"}}"#, 0, nil, "`k` stands twice"),
      (#"{"__metadata__":{"k":1}}"#, 0, nil, "expected `\"`"),
      (#"{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}"#, 2, nil, "has the type `F8_E4M3`"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}}"#, 3, nil, "is U8[2], 2 bytes, but 3 are set aside"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#, 2, nil, "lies at bytes 2 to 0"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 1, nil, "lies at bytes 0 to 2 of 1"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 3, nil, "1 bytes after the last tensor"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3, nil, "1 bytes between the header and `a`"),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        3, nil, "`a` and `b` overlap"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}"#,
        4, nil, "1 bytes between `a` and `b`"
      ),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, nil, "more than 18 digits"),
      (
        #"{"a":{"dtype":"F32","shape":[999999999999999999,999999999999999999],"data_offsets":[0,0]}}"#, 0, nil,
        "too large"
      ),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#, 0, nil, "expected a whole number, got `-`"),
      (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, nil, "expected `]`, got `.`"),
      (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 4, nil, "starts with 0"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, nil, "more than 2 numbers"),
      (#"{"\ud800":{}}"#, 0, nil, "half a surrogate pair"),
      (#"{"\x":{}}"#, 0, nil, "an unknown escape"),
      ("{\"\n\":{}}", 0, nil, "a control character"),
      (#"{"a"#, 0, nil, "a string without an end"),
    ] as [(String, Int, Int?, String)])
  func namesWhatIsWrong(header: String, data: Int, length: Int?, problem: String) throws {
    try expectError(.badData, problem, "x.safetensors") { try open(header, data: data, length: length) }
  }

  @Test func namesFilesThatCannotBeRead() throws {
    let folder = TemporaryFolder()
    try expectError(.noInput, "no such file", "none.safetensors") {
      try SafetensorsFile(folder.path + "/none.safetensors")
    }
    try expectError(.noInput, "is a folder") { try SafetensorsFile(folder.path) }
    try expectError(.noInput, "not a regular file") { try SafetensorsFile("/dev/zero") }
    try expectError(.noInput, "not the name of a file") { try SafetensorsFile("") }
    try expectError(.noInput, "not the name of a file") { try SafetensorsFile("a\0b") }
    try expectError(.badData, "is empty") { try SafetensorsFile(folder.write("e", "")) }
  }
}
