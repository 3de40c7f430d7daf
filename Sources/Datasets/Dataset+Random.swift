import Graphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Dataset {
  /// `count` examples of the declared types that depend on `seed` only: `f32` inputs and targets standard normal, `bool` 0 or 1 and
  /// `index(n)` uniform; an input that `byteValues` has: uniform bytes. For measurements, which need no data set. Throws `description` when they cannot fit into memory's addresses.
  package static func random(
    _ declarations: [TensorDeclaration], seed: UInt64, count: Int, byteValues: [String: ByteValues] = [:]
  ) throws(DataError) -> Dataset {
    guard count > 0, count <= Int(Int32.max) else {
      throw DataError(.description, nil, "cannot make \(count) random examples")
    }
    var tensors: [DataTensor] = []
    for (position, declaration) in declarations.enumerated() {
      guard let size = declaration.checkedSize,
        case (let total, let overflow) = size.multipliedReportingOverflow(by: count),
        !overflow, total <= Int.max / 8
      else { throw DataError(.description, nil, "\(declaration.name) is \(declaration.type): too large") }
      var generator = SplitMix64(seed: seed, purpose: .examples, number: position)
      let storage: DataTensor.Storage
      switch declaration.element {
      case .float32:
        if declaration.role == .input, let values = byteValues[declaration.name] {
          storage = .bytes(
            (0..<total).map { _ in UInt8(generator.next(below: 256)) }, values: values.table)
        } else {
          storage = .floats(generator.normals(total))
        }
      case .bool: storage = .floats((0..<total).map { _ in Float(generator.next(below: 2)) })
      case .index(let classes):
        guard classes > 0, classes <= Int(Int32.max) else {
          throw DataError(.description, nil, "\(declaration.name) is \(declaration.type), which has no values")
        }
        storage = .indices((0..<total).map { _ in Int32(generator.next(below: UInt64(classes))) })
      }
      tensors.append(DataTensor(declaration, storage))
    }
    return Dataset(tensors: tensors, rows: Array(0..<Int32(count)), origin: "random examples")
  }
}

extension SplitMix64 {
  /// `count` standard normal numbers (Box and Muller 1958).
  fileprivate mutating func normals(_ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in stride(from: 0, to: count, by: 2) {
        // 1 - u is in (0, 1], whose logarithm exists.
        let radius = (-2 * log(1 - nextUniform())).squareRoot()
        let angle = 2 * Double.pi * nextUniform()
        buffer.initializeElement(at: index, to: Float(radius * cos(angle)))
        if index + 1 < count { buffer.initializeElement(at: index + 1, to: Float(radius * sin(angle))) }
      }
      initialized = count
    }
  }
}
