import Testing

@testable import Source

/// What people and tools read.
@Suite struct DiagnosticRendererTests {
  /// AlexNet without its adaptive pool, at 192 pixels.
  static let alexnet = SourceFile(
    path: "alexnet.net",
    text: """
      # AlexNet
      net AlexNet(classes = 1000, drop = 0.5) {
        input image: f32[3, 192, 192]

        output logits: f32[classes] = image
          -> conv1: conv(64, 11, stride=4, pad=2) -> relu
          -> pool1: max_pool(3, stride=2)
          -> conv2: conv(192, 5, stride=1, pad=2) -> relu
          -> pool2: max_pool(3, stride=2)
          -> conv3: conv(384, 3, stride=1, pad=1) -> relu
          -> conv4: conv(256, 3, stride=1, pad=1) -> relu
          -> conv5: conv(256, 3, stride=1, pad=1) -> relu
          -> pool3: max_pool(3, stride=2)
          -> flatten
          -> dropout(drop) -> fc1: linear(4096, inputs=9216) -> relu
      }
      """)

  /// The span of `text` on line `line` of `file`.
  static func span(_ text: String, line: Int, in file: SourceFile) throws -> SourceSpan {
    let range = file.lineRange(line)
    let bytes = Array(text.utf8)
    let start = try #require(range.first { file.bytes[$0...].starts(with: bytes) })
    return file.span(start, start + bytes.count)
  }

  static func alexnetDiagnostic() throws -> Diagnostic {
    let file = alexnet
    let stated = try span("inputs=9216", line: 15, in: file)
    let rows: [Diagnostic.Row] = [
      .init("image", "f32[3, 192, 192]", at: try span("image", line: 3, in: file)),
      .init(
        "conv1", "f32[64, 47, 47]", at: try span("conv1", line: 6, in: file),
        arithmetic: "(192 + 2*2 - 11) / 4 + 1 = 47"),
      .init("pool1", "f32[64, 23, 23]", at: try span("pool1", line: 7, in: file)),
      .init("conv2", "f32[192, 23, 23]", at: try span("conv2", line: 8, in: file)),
      .init("pool2", "f32[192, 11, 11]", at: try span("pool2", line: 9, in: file)),
      .init(
        "conv3..conv5 keep 11 x 11",
        at: try span("conv3", line: 10, in: file).extended(to: try span("conv5", line: 12, in: file))),
      .init("pool3", "f32[256, 5, 5]", at: try span("pool3", line: 13, in: file)),
      .init("flatten", "f32[6400]", at: try span("flatten", line: 14, in: file), arithmetic: "256 * 5 * 5"),
    ]
    return Diagnostic(
      "N104", "fc1 expects 9216 input features, gets 6400", at: try span("fc1", line: 15, in: file),
      secondary: [.init(stated, "stated here")], notes: [.shapesOnTheWay(rows)],
      help: [
        .init("9216 = 256 * 6 * 6; pool3 is 6 x 6 when image is 223 to 254 pixels"),
        .init(
          "or drop `inputs=9216` and let netc infer it",
          edits: [.init(try span(", inputs=9216", line: 15, in: file), "")]),
      ])
  }

  /// The rendering that the language's specification gives.
  @Test func specifiedText() throws {
    #expect(
      DiagnosticRenderer().text(try Self.alexnetDiagnostic()) == """
        error[N104]: fc1 expects 9216 input features, gets 6400
          --> alexnet.net:15:25
           |
        15 |     -> dropout(drop) -> fc1: linear(4096, inputs=9216) -> relu
           |                         ^^^               ^^^^^^^^^^^ stated here
           |
           = shapes on the way:
               image    f32[3, 192, 192]    line 3
               conv1    f32[64, 47, 47]     line 6    (192 + 2*2 - 11) / 4 + 1 = 47
               pool1    f32[64, 23, 23]     line 7
               conv2    f32[192, 23, 23]    line 8
               pool2    f32[192, 11, 11]    line 9
               conv3..conv5 keep 11 x 11    lines 10-12
               pool3    f32[256, 5, 5]      line 13
               flatten  f32[6400]           line 14   256 * 5 * 5
           = help: 9216 = 256 * 6 * 6; pool3 is 6 x 6 when image is 223 to 254 pixels
           = help: or drop `inputs=9216` and let netc infer it           [fix available]

        """)
  }

  @Test func colourChangesNoText() throws {
    let diagnostic = try Self.alexnetDiagnostic()
    var coloured = DiagnosticRenderer(isColoured: true).text(diagnostic)
    #expect(coloured.hasPrefix("\u{1B}[1;31merror[N104]\u{1B}[0m"))
    for code in ["1;31", "1;34", "1", "32", "0"] { coloured.replace("\u{1B}[\(code)m", with: "") }
    #expect(coloured == DiagnosticRenderer().text(diagnostic))
  }

  @Test func oneLine() throws {
    #expect(
      try Self.alexnetDiagnostic().oneLine
        == "alexnet.net:15:25: error[N104]: fc1 expects 9216 input features, gets 6400 [fix available]")
  }

  @Test func contextNotesAndSeveralLines() {
    let file = SourceFile(path: "a.net", text: "one\ntwo\nthree\nfour\nfive\nsix\n")
    let other = SourceFile(path: "b.net", text: "alpha beta\n")
    let diagnostic = Diagnostic(
      "N110", .warning, "they differ", at: file.span(8, 13), label: "this",
      secondary: [
        .init(file.span(0, 3), "first"), .init(file.span(24, 27), "last"), .init(other.span(6, 10), "elsewhere"),
      ], context: "in block basic, called as layer2.0 (line 19) from ResNet18 (line 29)",
      notes: [.init("a projection would fit:\nskip = x -> conv(channels, 1)")])
    #expect(
      DiagnosticRenderer().text(diagnostic) == """
        warning[N110]: they differ
          --> a.net:3:1   in block basic, called as layer2.0 (line 19) from ResNet18 (line 29)
           |
         1 | one
           | ^^^ first
         2 | two
         3 | three
           | ^^^^^ this
        ...
         6 | six
           | ^^^ last
          ::: b.net:1
         1 | alpha beta
           |       ^^^^ elsewhere
           |
           = a projection would fit:
               skip = x -> conv(channels, 1)

        """)
  }

  @Test func severalLabelsOnOneLine() {
    let file = SourceFile(path: "a.net", text: "main + skip -> relu")
    let diagnostic = Diagnostic(
      "N110", "shapes differ", at: file.span(5, 6), label: "these are added",
      secondary: [
        .init(file.span(0, 4), "f32[128]"), .init(file.span(7, 11), "f32[64]"),
      ])
    #expect(
      DiagnosticRenderer().text(diagnostic) == """
        error[N110]: shapes differ
          --> a.net:1:6
           |
         1 | main + skip -> relu
           | ^^^^ ^ ^^^^ f32[64]
           | |    |
           | |    these are added
           | f32[128]

        """)
  }

  @Test(arguments: [
    ("\tx = 1", "x", "    x = 1", "    ^"), ("a\tx", "x", "a   x", "    ^"), ("猫x", "x", "猫x", "  ^"),
    ("猫犬", "犬", "猫犬", "  ^^"), ("👩‍👩‍👧x", "x", "👩‍👩‍👧x", "  ^"), ("e\u{301}x", "x", "e\u{301}x", " ^"),
    ("🇩🇪x", "x", "🇩🇪x", "  ^"), ("👍🏽x", "x", "👍🏽x", "  ^"), ("❤️x", "x", "❤️x", "  ^"), ("ｗx", "x", "ｗx", "  ^"),
    ("\u{1B}[31mx", "x", "\u{FFFD}[31mx", "     ^"), ("\u{202E}x", "x", "\u{FFFD}x", " ^"),
  ])
  func caretsStandUnderWhatIsMeant(_ line: String, _ part: String, _ shown: String, _ carets: String) throws {
    let file = SourceFile(path: "a.net", text: line)
    let text = DiagnosticRenderer().text(Diagnostic("N001", "m", at: try Self.span(part, line: 1, in: file)))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[3] == " 1 | " + shown)
    #expect(lines[4] == "   | " + carets)
  }

  @Test func columnsCountScalars() {
    let file = SourceFile(path: "a.net", bytes: Array("\u{FEFF}\t猫👍x\r\ny".utf8))
    #expect(file.column(at: 3) == 1)
    #expect(file.span(11, 12).text == "x")
    #expect(file.column(at: 11) == 4)
    #expect(file.line(at: 14) == 2)
    #expect(file.column(at: 14) == 1)
    #expect(file.column(at: 15) == 2)
  }

  @Test func namesCannotSteerTheTerminal() {
    let file = SourceFile(path: "a\u{1B}[2J\n.net", text: "x")
    let diagnostic = Diagnostic("N001", "m\u{7}", at: file.span(0, 1))
    for text in [DiagnosticRenderer().text(diagnostic), diagnostic.oneLine, diagnostic.json] {
      #expect(!text.contains("\u{1B}"))
      #expect(!text.contains("\u{7}"))
    }
    #expect(diagnostic.oneLine == "a\\u{1B}[2J\\u{A}.net:1:1: error[N001]: m\\u{7}")
  }

  @Test func summaries() {
    let file = SourceFile(path: "a.net", text: "x")
    func make(_ severity: Diagnostic.Severity) -> Diagnostic { Diagnostic("N001", severity, "m", at: file.span(0, 1)) }
    let renderer = DiagnosticRenderer()
    #expect(renderer.summary([make(.error)]) == "1 error")
    #expect(renderer.summary([make(.error), make(.warning), make(.error)]) == "2 errors, 1 warning")
    #expect(renderer.summary([make(.warning), make(.warning)]) == "2 warnings")
    #expect(renderer.text([]) == "")
  }

  @Test func edits() {
    let file = SourceFile(path: "a.net", text: "abcdef")
    let edits: [Diagnostic.Edit] = [
      .init(file.span(3, 3), "X"), .init(file.span(0, 1), ""), .init(file.span(3, 3), "Y"), .init(file.span(4, 6), "!"),
    ]
    #expect(String(decoding: file.applying(edits).bytes, as: UTF8.self) == "bcXYd!")
  }
}
