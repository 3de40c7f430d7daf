/// Writes safetensors files, whole or not at all.
package enum SafetensorsWriter {
  /// A tensor to write, row-major.
  package struct Tensor {
    package enum Values {
      case floats([Float])
      /// Made when its turn comes, so that only one tensor at a time needs a copy; the buffer holds the shape's count of numbers.
      case floatsFilled(by: (UnsafeMutableBufferPointer<Float>) -> Void)
      case integers([Int64])
      case bools([Bool])
    }

    package var name: String
    package var shape: [Int]
    package var values: Values

    package init(_ name: String, shape: [Int], _ values: Values) {
      self.name = name
      self.shape = shape
      self.values = values
    }

    var type: SafetensorsType {
      switch values {
      case .floats, .floatsFilled: .f32
      case .integers: .i64
      case .bools: .bool
      }
    }

    var count: Int { shape.reduce(1, *) }
  }

  /// Writes `tensors` to `path`: wider types first, so that all are aligned, then by name. Names differ, counts fit the shapes. Throws
  /// `cannotCreate` and `inputOutput`.
  package static func write(
    _ tensors: [Tensor], metadata: [String: String] = [:], to path: String, operations: FileOperations = .system
  ) throws(DataError) {
    let sorted = tensors.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
    var file = try AtomicFile(path, operations: operations)
    try file.write(header(sorted, metadata: metadata))
    for tensor in sorted { try write(tensor, to: &file) }
    try file.commit()
  }

  /// The length and the JSON text, padded with blanks to a multiple of 8 bytes.
  private static func header(_ tensors: [Tensor], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
      members.append("\"__metadata__\":{" + pairs.joined(separator: ",") + "}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.count * tensor.type.size
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        quoted(tensor.name)
          + ":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array(("{" + members.joined(separator: ",") + "}").utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  // The format is little-endian, and so is every machine that Swift compiles for.
  private static func write(_ tensor: Tensor, to file: inout AtomicFile) throws(DataError) {
    switch tensor.values {
    case .floats(let values):
      precondition(values.count == tensor.count)
      try file.write(values)
    case .floatsFilled(let fill):
      var values = [Float](repeating: 0, count: tensor.count)
      values.withUnsafeMutableBufferPointer { fill($0) }
      try file.write(values)
    case .integers(let values):
      precondition(values.count == tensor.count)
      try file.write(values)
    case .bools(let values):
      precondition(values.count == tensor.count)
      try file.write(values.map { $0 ? UInt8(1) : 0 })
    }
  }

  /// A JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
