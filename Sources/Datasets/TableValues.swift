/// The numbers of one tensor, gathered field by field from a table of text.
struct TableValues {
  /// What is wrong with a field.
  struct Failure: Error {
    var problem: String
    var help: String?
  }

  private let declaration: TensorDeclaration
  private var floats: [Float] = []
  private var indices: [Int32] = []
  /// The classes of a column of text, in the order in which they came; nil until the first field says that the column is text.
  private var classes: [String: Int32]?
  private let classesAreKnown: Bool
  /// Whether names of classes would mean something else than the numbers of the training part.
  private let hasNumbersAlone: Bool
  private var isEmpty = true

  /// `knownClasses` are the classes of the training part, in order; empty when that has numbers, nil when this is the training part.
  init(_ declaration: TensorDeclaration, knownClasses: [String]?) {
    self.declaration = declaration
    hasNumbersAlone = knownClasses?.isEmpty == true
    classesAreKnown = knownClasses?.isEmpty == false
    if let knownClasses, classesAreKnown {
      classes = Dictionary(uniqueKeysWithValues: knownClasses.enumerated().map { ($1, Int32($0)) })
    }
  }

  /// Where the values end, to go back to when a row turns out to be bad.
  struct Mark {
    fileprivate var floats: Int
    fileprivate var indices: Int
    fileprivate var classes: Int?
    fileprivate var isEmpty: Bool
  }

  var mark: Mark { Mark(floats: floats.count, indices: indices.count, classes: classes?.count, isEmpty: isEmpty) }

  /// Forgets what came after the mark.
  mutating func rewind(to mark: Mark) {
    floats.removeSubrange(mark.floats...)
    indices.removeSubrange(mark.indices...)
    isEmpty = mark.isEmpty
    if let count = mark.classes {
      if classes?.count != count { classes = classes?.filter { $0.value < Int32(count) } }
    } else {
      classes = nil
    }
  }

  /// Takes the next number.
  mutating func append(_ field: String) throws(Failure) {
    defer { isEmpty = false }
    guard !field.isEmpty else { throw Failure(problem: "is empty") }
    guard declaration.element != .float32 else {
      guard let number = Self.number(field) else {
        throw Failure(problem: "expected a number, got \(DataError.quoted(field))")
      }
      let value = Float(number)
      guard value.isFinite else { throw Failure(problem: "\(DataError.quoted(field)) is too large for f32") }
      return floats.append(value)
    }
    let limit: Int = if case .index(let count) = declaration.element { min(count, Int(Int32.max)) } else { 2 }
    if classes != nil
      || (isEmpty && !hasNumbersAlone && Self.wholeNumber(field) == nil && Self.truth(field, declaration) == nil)
    {
      return indices.append(try classNumber(field, limit: limit))
    }
    guard let number = Self.truth(field, declaration) ?? Self.wholeNumber(field) else {
      throw Failure(
        problem: "expected a whole number, got \(DataError.quoted(field))",
        help: hasNumbersAlone
          ? "the training data have numbers for `\(declaration.name)`, so names would have no meaning"
          : "the first row has a number here, so that the column is not read as names of classes")
    }
    guard 0..<limit ~= number else {
      throw Failure(
        problem: "\(declaration.name) is \(number), expected 0 to \(limit - 1)",
        help: "\(declaration.name) is declared as \(declaration.type)")
    }
    indices.append(Int32(number))
  }

  private mutating func classNumber(_ field: String, limit: Int) throws(Failure) -> Int32 {
    if let number = classes?[field] { return number }
    guard !classesAreKnown else {
      throw Failure(problem: "the class \(DataError.quoted(field)) does not occur in the training data")
    }
    let number = classes?.count ?? 0
    guard number < limit else {
      throw Failure(
        problem:
          "\(DataError.quoted(field)) is class number \(number + 1), but \(declaration.name) is \(declaration.type)",
        help: "text in this column names a class; there are more than \(limit) different ones")
    }
    classes = classes ?? [:]
    classes?[field] = Int32(number)
    return Int32(number)
  }

  /// All that was taken, classes numbered in sorted order. Throws `badData` when there are fewer classes than declared.
  func tensor(path: String) throws(DataError) -> DataTensor {
    if declaration.element == .float32 { return DataTensor(declaration, .floats(floats)) }
    var numbers = indices
    var names: [String] = []
    if let classes {
      let declared: Int = if case .index(let count) = declaration.element { count } else { 2 }
      names = classes.keys.sorted()
      if classesAreKnown {
        names = classes.sorted { $0.value < $1.value }.map(\.key)
      } else if classes.count != declared {
        throw DataError(
          .badData, path,
          "the column of `\(declaration.name)` names \(classes.count) \(classes.count == 1 ? "class" : "classes"), but \(declaration.name) is \(declaration.type)",
          help: "the classes are " + names.prefix(10).map { DataError.quoted($0) }.joined(separator: ", "))
      }
      var sorted = [Int32](repeating: 0, count: classes.count)
      for (number, name) in names.enumerated() { sorted[Int(classes[name] ?? 0)] = Int32(number) }
      numbers = numbers.map { sorted[Int($0)] }
    }
    return declaration.element == .bool
      ? DataTensor(declaration, .floats(numbers.map { Float($0) }), classNames: names)
      : DataTensor(declaration, .indices(numbers), classNames: names)
  }

  /// A decimal number as JSON and C write it; nil for anything else, such as `nan` or `0x10`.
  static func number(_ text: String) -> Double? {
    guard
      text.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
      })
    else { return nil }
    return Double(text)
  }

  /// A whole number, perhaps written `3.0` as programs that know only floating-point numbers do.
  private static func wholeNumber(_ text: String) -> Int? {
    if let number = Int(text) { return number }
    guard let number = number(text), number == number.rounded(), abs(number) < 0x1p53 else { return nil }
    return Int(number)
  }

  private static func truth(_ text: String, _ declaration: TensorDeclaration) -> Int? {
    guard declaration.element == .bool else { return nil }
    switch text {
    case "true", "True", "TRUE": return 1
    case "false", "False", "FALSE": return 0
    default: return nil
    }
  }
}
