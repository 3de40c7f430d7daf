extension DataTensor {
  /// What every number is for each unit of its byte: there is such a figure where bytes were only scaled.
  var byteScale: Float? {
    switch storage {
    case .bytes(_, let values), .pictures(_, let values): Self.scale(of: values)
    case .floats, .indices, .texts: nil
    }
  }

  /// Tables are rounded: a number may be off by its last digit.
  private static func scale(of values: [Float]) -> Float? {
    let scale = values[255] / 255
    guard values.count == 256, scale.isFinite, scale != 0 else { return nil }
    let isProportional = values.indices.allSatisfy { byte in
      let product = scale * Float(byte)
      return abs(values[byte] - product) <= product.magnitude * 0x1p-22
    }
    return isProportional ? scale : nil
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
  /// For each input whose numbers are bytes that were only scaled: the scale, by the input's name.
  package var byteScales: [String: Float] {
    var scales: [String: Float] = [:]
    for tensor in tensors where tensor.declaration.role == .input {
      scales[tensor.declaration.name] = tensor.byteScale
    }
    return scales
  }
}

extension DataDescription {
  /// What `Dataset.byteScales` will say of the data once they are opened, as far as their description tells.
  package func byteScales(of declarations: [TensorDeclaration]) -> [String: Float] {
    switch source {
    case .idx, .imageFolder: break
    case .digits, .table, .tensors, .text, .split, .unsupported: return [:]
    }
    let inputs = declarations.filter { $0.role == .input && $0.element == .float32 }
    var scales: [String: Float] = [:]
    for input in inputs {
      var scale = 1.0
      var isScaled = true
      for transform in transforms {
        switch transform {
        case .scale(let factor, let names): if names.isEmpty || names.contains(input.name) { scale *= factor }
        case .picture, .tokens: break
        case .normalize, .standardize, .minMax, .mixup: isScaled = false
        }
      }
      if isScaled { scales[input.name] = Float(scale) }
    }
    return scales
  }
}
