/// The number formats of a safetensors file that netc reads; the raw value is the file's word.
package enum SafetensorsType: String, Hashable, Sendable, CaseIterable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u8 = "U8"
  case bool = "BOOL"

  /// Bytes of one number.
  package var size: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .i16: 2
    case .i8, .u8, .bool: 1
    }
  }

  package var isFloatingPoint: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: false
    }
  }

  /// The numbers in `bytes`, as Float32: rounded to nearest from F64 and the wide integers, BOOL as 0 or 1.
  /// `bytes.count` is `output.count * size`.
  func convert(_ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .f64: fill(output) { Float(Double(bitPattern: load(bytes, $0))) }
    case .f32: fill(output) { Float(bitPattern: load(bytes, $0)) }
    case .f16: fill(output) { Self.float(half: load(bytes, $0)) }
    case .bf16: fill(output) { Float(bitPattern: UInt32(load(bytes, $0) as UInt16) << 16) }
    case .i64: fill(output) { Float(load(bytes, $0) as Int64) }
    case .i32: fill(output) { Float(load(bytes, $0) as Int32) }
    case .i16: fill(output) { Float(load(bytes, $0) as Int16) }
    case .i8: fill(output) { Float(load(bytes, $0) as Int8) }
    case .u8: fill(output) { Float(bytes[$0]) }
    case .bool: fill(output) { bytes[$0] == 0 ? 0 : 1 }
    }
  }

  /// The numbers in `bytes`, as Int64; only for the integer types and BOOL.
  func convert(_ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableBufferPointer<Int64>) {
    switch self {
    case .i64: fill(output) { load(bytes, $0) as Int64 }
    case .i32: fill(output) { Int64(load(bytes, $0) as Int32) }
    case .i16: fill(output) { Int64(load(bytes, $0) as Int16) }
    case .i8: fill(output) { Int64(load(bytes, $0) as Int8) }
    case .u8: fill(output) { Int64(bytes[$0]) }
    case .bool: fill(output) { bytes[$0] == 0 ? 0 : 1 }
    case .f64, .f32, .f16, .bf16: break
    }
  }

  private func fill<T>(_ output: UnsafeMutableBufferPointer<T>, _ element: (Int) -> T) {
    for index in output.indices { output[index] = element(index) }
  }

  private func load<T: FixedWidthInteger & BitwiseCopyable>(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> T {
    T(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self))
  }

  /// IEEE 754 binary16 to binary32, exact.
  static func float(half bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: return Float(sign: sign == 0 ? .plus : .minus, exponent: -24, significand: Float(fraction))
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | (fraction << 13))
    default: return Float(bitPattern: sign | ((exponent + 112) << 23) | (fraction << 13))
    }
  }
}
