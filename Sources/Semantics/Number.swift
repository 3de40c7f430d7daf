#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A number of compile time: exact as long as only whole numbers and their fractions are combined.
enum Number: Hashable, Sendable {
  case integer(Int)
  /// In lowest terms; the denominator is above 1.
  case fraction(Int, Int)
  case decimal(Double)

  /// Why an operation has no result.
  enum Failure: Error {
    case overflow
    case divisionByZero
    case notReal
  }

  var double: Double {
    switch self {
    case .integer(let integer): Double(integer)
    case .fraction(let numerator, let denominator): Double(numerator) / Double(denominator)
    case .decimal(let decimal): decimal
    }
  }

  /// The value if it is a whole number that fits.
  var whole: Int? {
    switch self {
    case .integer(let integer): integer
    case .fraction: nil
    case .decimal(let decimal): Int(exactly: decimal)
    }
  }

  private var terms: (Int, Int)? {
    switch self {
    case .integer(let integer): (integer, 1)
    case .fraction(let numerator, let denominator): (numerator, denominator)
    case .decimal: nil
    }
  }

  private static func finite(_ value: Double) throws(Failure) -> Number {
    if value.isNaN { throw .notReal }
    if value.isInfinite { throw .overflow }
    return .decimal(value)
  }

  /// numerator / denominator in lowest terms; nil where a sign cannot be moved without overflow.
  private static func ratio(_ numerator: Int, _ denominator: Int) -> Number? {
    var (a, b) = (numerator.magnitude, denominator.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    let divisor = max(a, 1)
    let negative = (numerator < 0) != (denominator < 0)
    guard let top = Int(exactly: numerator.magnitude / divisor),
      let bottom = Int(exactly: denominator.magnitude / divisor)
    else { return nil }
    return bottom == 1 ? .integer(negative ? -top : top) : .fraction(negative ? -top : top, bottom)
  }

  private static func exact(_ value: (Int, Bool)) -> Int? { value.1 ? nil : value.0 }

  /// The sum; whole numbers overflow, fractions that no longer fit become decimals.
  static func add(_ left: Number, _ right: Number) throws(Failure) -> Number {
    if case .integer(let a) = left, case .integer(let b) = right {
      guard let sum = exact(a.addingReportingOverflow(b)) else { throw .overflow }
      return .integer(sum)
    }
    if let (a, b) = left.terms, let (c, d) = right.terms, let ad = exact(a.multipliedReportingOverflow(by: d)),
      let cb = exact(c.multipliedReportingOverflow(by: b)), let top = exact(ad.addingReportingOverflow(cb)),
      let bottom = exact(b.multipliedReportingOverflow(by: d)), let result = ratio(top, bottom)
    {
      return result
    }
    return try finite(left.double + right.double)
  }

  static func negate(_ number: Number) throws(Failure) -> Number {
    switch number {
    case .integer(let integer):
      guard let negated = exact(0.subtractingReportingOverflow(integer)) else { throw .overflow }
      return .integer(negated)
    case .fraction(let numerator, let denominator): return .fraction(-numerator, denominator)
    case .decimal(let decimal): return .decimal(-decimal)
    }
  }

  static func subtract(_ left: Number, _ right: Number) throws(Failure) -> Number {
    if case .integer(let a) = left, case .integer(let b) = right {
      guard let difference = exact(a.subtractingReportingOverflow(b)) else { throw .overflow }
      return .integer(difference)
    }
    return try add(left, negate(right))
  }

  static func multiply(_ left: Number, _ right: Number) throws(Failure) -> Number {
    if case .integer(let a) = left, case .integer(let b) = right {
      guard let product = exact(a.multipliedReportingOverflow(by: b)) else { throw .overflow }
      return .integer(product)
    }
    if let (a, b) = left.terms, let (c, d) = right.terms, let top = exact(a.multipliedReportingOverflow(by: c)),
      let bottom = exact(b.multipliedReportingOverflow(by: d)), let result = ratio(top, bottom)
    {
      return result
    }
    return try finite(left.double * right.double)
  }

  static func divide(_ left: Number, _ right: Number) throws(Failure) -> Number {
    if right.double == 0 { throw .divisionByZero }
    if let (a, b) = left.terms, let (c, d) = right.terms, let top = exact(a.multipliedReportingOverflow(by: d)),
      let bottom = exact(b.multipliedReportingOverflow(by: c)), let result = ratio(top, bottom)
    {
      return result
    }
    return try finite(left.double / right.double)
  }

  /// The greatest whole number that is not above the quotient.
  static func floorDivide(_ left: Number, _ right: Number) throws(Failure) -> Number {
    try floor(divide(left, right))
  }

  /// What is left of `floorDivide`; it has the sign of the divisor.
  static func remainder(_ left: Number, _ right: Number) throws(Failure) -> Number {
    try subtract(left, multiply(floorDivide(left, right), right))
  }

  static func power(_ base: Number, _ exponent: Number) throws(Failure) -> Number {
    guard case .integer(let count) = exponent, base.terms != nil, count.magnitude <= 4096 else {
      return try finite(pow(base.double, exponent.double))
    }
    if count < 0, base.double == 0 { throw .divisionByZero }
    var result = Number.integer(1)
    for _ in 0..<Int(count.magnitude) { result = try multiply(result, base) }
    return count < 0 ? try divide(.integer(1), result) : result
  }

  static func floor(_ number: Number) throws(Failure) -> Number {
    switch number {
    case .integer: return number
    case .fraction(let numerator, let denominator):
      let quotient = numerator / denominator
      return .integer(numerator < 0 ? quotient - 1 : quotient)
    case .decimal(let decimal):
      guard let whole = Int(exactly: decimal.rounded(.down)) else { throw .overflow }
      return .integer(whole)
    }
  }

  static func ceil(_ number: Number) throws(Failure) -> Number {
    try negate(floor(negate(number)))
  }

  /// Exact for squares of whole numbers.
  static func squareRoot(_ number: Number) throws(Failure) -> Number {
    let root = number.double.squareRoot()
    if case .integer(let square) = number, let whole = Int(exactly: root), whole.magnitude < 1 << 31,
      whole * whole == square
    {
      return .integer(whole)
    }
    return try finite(root)
  }

  static func isLess(_ left: Number, _ right: Number) -> Bool {
    if case .integer(let a) = left, case .integer(let b) = right { return a < b }
    return left.double < right.double
  }

  static func isEqual(_ left: Number, _ right: Number) -> Bool {
    left == right || (left.terms == nil || right.terms == nil) && left.double == right.double
  }
}

extension Number: CustomStringConvertible {
  var description: String {
    switch self {
    case .integer(let integer): String(integer)
    case .fraction(let numerator, let denominator): Number.decimal(Double(numerator) / Double(denominator)).description
    case .decimal(let decimal): Int(exactly: decimal).map(String.init) ?? decimal.description
    }
  }
}
