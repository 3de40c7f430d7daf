import Testing

@testable import Datasets

@Suite struct TableTests {
  private func open(
    _ text: String, _ tensors: [TableTensor], _ declarations: [TensorDeclaration], _ delimiter: TableDelimiter = .csv
  ) throws -> Dataset {
    let folder = TemporaryFolder()
    folder.write("t.csv", text)
    return try open(path: "t.csv", folder: folder.path, tensors, declarations, delimiter)
  }

  private func open(
    path: String, folder: String, _ tensors: [TableTensor], _ declarations: [TensorDeclaration],
    _ delimiter: TableDelimiter = .csv
  ) throws -> Dataset {
    let table = TableDescription(path: path, delimiter: delimiter, tensors: tensors)
    return try DataOpening(
      training: DataDescription(.table(table)), declarations: declarations, folder: folder, seed: 1
    ).open().training
  }

  static let x = TensorDeclaration("x", .float32, shape: [2], role: .input)
  static let y = TensorDeclaration("y", .index(count: 3), role: .target)
  static let columns = [
    TableTensor("x", columns: [.title("a"), .title("b")]), TableTensor("y", columns: [.title("kind")]),
  ]

  @Test func readsWhatPythonWrites() throws {
    let data = try open(
      path: "quoted.csv", folder: Fixture.folder,
      [
        .init("x", columns: [.title("petal width"), .title("petal \"length\"")]), .init("y", columns: [.title("kind")]),
      ],
      [Self.x, Self.y])
    #expect(try data.numbers("x") == [-2, 1.5, 3, 0.25, 0.125, 7, 1, 0])
    #expect(data.tensors[1].classNames == ["aster", "he said \"iris\"", "rose, red"])
    #expect(try data.numbers("y") == [2, 0, 1, 0])
  }

  /// A row is left out whole, with what it alone said of classes, and named.
  @Test func leavesOutRowsThatCannotBeRead() throws {
    let folder = TemporaryFolder()
    folder.write("t.csv", "a,b,kind\n1,2,rose\n1,x,tulip\n3,4,aster\n5,6\n7,,rose\n8,9,iris\n10,11,lily\n")
    let table = TableDescription(path: "t.csv", delimiter: .csv, tensors: Self.columns)
    let opening = DataOpening(
      training: DataDescription(.table(table)), declarations: [Self.x, Self.y], folder: folder.path, seed: 1,
      skipsBadRows: true)
    let data = try opening.open().training
    #expect(data.count == 3)
    #expect(try data.numbers("x") == [1, 2, 3, 4, 8, 9])
    #expect(data.tensors[1].classNames == ["aster", "iris", "rose"])
    #expect(try data.numbers("y") == [2, 0, 1])
    #expect(
      data.skipped.map(\.position) == [
        .line(3, column: "b"), .line(5), .line(6, column: "b"), .line(8, column: "kind"),
      ])
    folder.write("t.csv", "a,b,kind\nx,2,rose\n")
    #expect(throws: DataError.self) { _ = try opening.open() }
  }

  @Test func findsOutWhetherThereIsAHeader() throws {
    let numbered = [
      TableTensor("x", columns: [.position(0), .position(2)]), TableTensor("y", columns: [.position(1)]),
    ]
    for header in ["", "a,kind,b\n", "\u{FEFF}a,kind,b\r\n", "\n\n"] {
      let data = try open(header + "1,0,2\r\n\n3,2,4.5e0\n", numbered, [Self.x, Self.y])
      #expect(try data.numbers("x") == [1, 2, 3, 4.5])
      #expect(try data.numbers("y") == [0, 2])
    }
    let tabs = try open("a\tkind\tb\n1\t\"q\t2\n1\tb\t2\n1\tb\t2\n1\ta\t2", Self.columns, [Self.x, Self.y], .tsv)
    #expect(tabs.tensors[1].classNames == ["\"q", "a", "b"])
  }

  @Test func readsTruthAndWholeNumbersThatProgramsWriteAsReal() throws {
    let answer = TensorDeclaration("y", .bool, role: .target)
    for (text, expected) in [
      ("0\n1\n1", [0, 1, 1]), ("true\nfalse\nTrue", [1, 0, 1]), ("no\nyes\nno", [0, 1, 0]), ("1.0\n0.0\n1", [1, 0, 1]),
    ] as [(String, [Float])] {
      #expect(try open(text, [.init("y", columns: [.position(0)])], [answer]).numbers("y") == expected)
    }
  }

  @Test(arguments: [
    ("", "is empty"),
    ("\n\n", "has no rows"),
    ("a,b,kind\n", "has a header and no rows"),
    ("a,b,kind\n1,2,0\n1,2\n", "t.csv:3: 2 fields, expected 3 as in line 1"),
    ("a,b,kind\n1,2,0\n1,2,0,4\n", "t.csv:3: 4 fields, expected 3"),
    ("a,b,kind\n1,2,0\n1,two,0\n", "t.csv:3: column `b`: expected a number, got `two`"),
    ("a,b,kind\n1,,0\n", "t.csv:2: column `b`: is empty"),
    ("a,b,kind\n1,nan,0\n", "column `b`: expected a number, got `nan`"),
    ("a,b,kind\n1,0x10,0\n", "column `b`: expected a number, got `0x10`"),
    ("a,b,kind\n1,1e39,0\n", "column `b`: `1e39` is too large for f32"),
    ("a,b,kind\n1,1,3\n", "t.csv:2: column `kind`: y is 3, expected 0 to 2"),
    ("a,b,kind\n1,1,-1\n", "y is -1, expected 0 to 2"),
    ("a,b,kind\n1,1,0.5\n", "the class"),
    ("a,b,kind\n1,1,1\n1,1,0.5\n", "t.csv:3: column `kind`: expected a whole number, got `0.5`"),
    ("a,b,kind\n1,1,p\n1,1,q\n1,1,p\n", "names 2 classes, but y is index(3)"),
    ("a,b,kind\n1,1,p\n1,1,q\n1,1,r\n1,1,s\n", "t.csv:5: column `kind`: `s` is class number 4"),
    ("a,c,kind\n1,1,p\n", "t.csv:1: has no column titled `b`"),
    ("a,b,b,kind\n1,1,1,0\n", "2 columns are titled `b`"),
    ("a,b,kind\n1,\"1\"x,0\n", "t.csv:2: text after the closing quote"),
    ("a,b,kind\n1,\"1\n2,0\n", "t.csv:2: a quote is opened and never closed"),
    ("a,b,kind\n1,\u{0},0\n", "zero byte"),
  ])
  func namesWhatIsWrong(text: String, problem: String) throws {
    try expectError(.badData, problem) { try open(text, Self.columns, [Self.x, Self.y]) }
  }

  @Test func namesWhatDoesNotFitTheNet() throws {
    let text = "a,b,kind\n1,2,0\n"
    try expectError(.description, "no column is named for `y`") { try open(text, [Self.columns[0]], [Self.x, Self.y]) }
    try expectError(.description, "`z` is no input and no target", "`x`, `y`") {
      try open(text, Self.columns + [.init("z", columns: [])], [Self.x, Self.y])
    }
    try expectError(.description, "x is f32[2], but is given 1 column") {
      try open(text, [.init("x", columns: [.title("a")]), Self.columns[1]], [Self.x, Self.y])
    }
    try expectError(.badData, "has no column 7", "it has 3") {
      try open(text, [.init("x", columns: [.position(0), .position(7)]), Self.columns[1]], [Self.x, Self.y])
    }
    let rows = [("a;b;kind\n1;2;0\n", "semicolons"), ("a\tb\tkind\n1\t2\t0\n", "read it by `tsv`")]
    for (text, help) in rows {
      try expectError(.badData, "has no column titled `a`", help) { try open(text, Self.columns, [Self.x, Self.y]) }
    }
    try expectError(.badData, "UTF-16") {
      let folder = TemporaryFolder()
      folder.write("u.csv", [0xFF, 0xFE, 0x61, 0])
      return try open(path: "u.csv", folder: folder.path, Self.columns, [Self.x, Self.y])
    }
    try expectError(.badData, "compressed", "gunzip") {
      try open(path: "zipped-labels-idx1-ubyte.gz", folder: Fixture.folder, Self.columns, [Self.x, Self.y])
    }
  }

  @Test func classesOfTheTrainingPartHold() throws {
    let folder = TemporaryFolder()
    folder.write("t.csv", "a,b,kind\n1,2,q\n1,2,r\n1,2,p\n")
    func open(_ validation: String) throws -> Dataset? {
      folder.write("v.csv", validation)
      return try DataOpening(
        training: DataDescription(.table(.init(path: "t.csv", delimiter: .csv, tensors: Self.columns))),
        validation: DataDescription(.table(.init(path: "v.csv", delimiter: .csv, tensors: Self.columns))),
        declarations: [Self.x, Self.y], folder: folder.path, seed: 1
      ).open().validation
    }
    #expect(try open("kind,b,a\nr,1,2\nq,1,2\n")?.numbers("y") == [2, 1])
    try expectError(.badData, "v.csv:2: column `kind`: the class `s` does not occur in the training data") {
      try open("kind,b,a\ns,1,2\n")
    }
    folder.write("t.csv", "a,b,kind\n1,2,0\n1,2,2\n1,2,1\n")
    #expect(try open("kind,b,a\n2,1,2\n")?.numbers("y") == [2])
    try expectError(.badData, "v.csv:2: column `kind`: expected a whole number, got `r`", "numbers for `y`") {
      try open("kind,b,a\nr,1,2\n")
    }
  }

  @Test func standardizesTheDiabetesTableAsNumpyDoes() throws {
    let titles = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"].map { TableColumn.title($0) }
    let table = TableDescription(
      path: "diabetes.csv", delimiter: .csv,
      tensors: [.init("x", columns: titles), .init("y", columns: [.title("progression")])])
    let declarations = [
      TensorDeclaration("x", .float32, shape: [10], role: .input), TensorDeclaration("y", .float32, role: .target),
    ]
    func open(_ transforms: [DataTransform]) throws -> Dataset {
      try DataOpening(
        training: DataDescription(.table(table), transforms: transforms), declarations: declarations,
        folder: Fixture.models,
        seed: 1
      ).open().training
    }
    let data = try open([.standardize(), .standardize(tensors: ["y"])])
    #expect(data.count == 442)
    // numpy: (x - x.mean(0)) / x.std(0), rows 0 and 441; y.mean(), y.std().
    let rows: [[Double]] = [
      [
        0.8005000909564214, 1.065488479751468, 1.2970881166313957, 0.4598405719909804, -0.929745811122838,
        -0.7320647163710016, -0.9124505270223768, -0.05449918753626995, 0.4185306643034529, -0.37098853628476647,
      ],
      [
        -0.9560041017185148, -0.9385366608874629, -1.5353741027284415, -1.7116133295483296, 1.7605351484727814,
        0.5846491619115827, 3.6542676082217533, -0.8303008265388868, -0.0887523898484759, 0.06442551851572977,
      ],
    ]
    let x = try data.numbers("x").map { Double($0) }
    for column in 0..<10 {
      #expect(abs(x[column] - rows[0][column]) < 2e-6)
      #expect(abs(x[4410 + column] - rows[1][column]) < 2e-6)
    }
    #expect(abs(Double(try data.numbers("y")[0]) - (151 - 152.13348416289594) / 77.00574586945044) < 1e-6)
    // numpy: (x - x.min(0)) / (x.max(0) - x.min(0)), row 0.
    let scaled = try open([.minMax()]).numbers("x")
    for (column, expected) in [
      0.6666666666666666, 1.0, 0.5826446280991735, 0.5492957746478874, 0.29411764705882354, 0.25697211155378485,
      0.2077922077922078, 0.2820874471086037, 0.5622169960335567, 0.4393939393939394,
    ].enumerated() { #expect(abs(Double(scaled[column]) - expected) < 2e-6) }
  }
}
