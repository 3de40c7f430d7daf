import Graphs

extension DataTensor {
  /// What the bytes stand for, where the numbers are bytes.
  var byteValues: ByteValues? {
    switch storage {
    case .bytes(_, let values), .pictures(_, let values): ByteValues(table: values)
    case .floats, .indices, .texts: nil
    }
  }

  /// Hands the bytes of the given examples to `write`, in `order`, with their positions. The tensor has bytes, and the examples exist.
  func writeBytes(
    of examples: ArraySlice<Int32>, order: ExampleOrder, _ write: (_ position: Int, UnsafeBufferPointer<UInt8>) -> Void
  ) {
    guard case .bytes(let bytes, _) = storage else { preconditionFailure("only a tensor of bytes has some") }
    let size = exampleSize
    let planes = order == .channelsLast && declaration.shape.count == 3 ? declaration.shape[0] : 1
    bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, size)) { buffer in
        for (position, example) in examples.enumerated() {
          let source = UnsafeBufferPointer(rebasing: bytes[Int(example) * size..<(Int(example) + 1) * size])
          if planes == 1 {
            write(position, source)
            continue
          }
          let planeSize = size / planes
          for plane in 0..<planes {
            for index in 0..<planeSize { buffer[index &* planes &+ plane] = source[plane &* planeSize &+ index] }
          }
          write(position, UnsafeBufferPointer(rebasing: buffer[..<size]))
        }
      }
    }
  }
}

extension Dataset {
  /// For each input whose numbers are bytes: what they stand for, by the input's name.
  package var byteValues: [String: ByteValues] {
    var values: [String: ByteValues] = [:]
    for tensor in tensors where tensor.declaration.role == .input {
      values[tensor.declaration.name] = tensor.byteValues
    }
    return values
  }
}
