extension Dataset {
  /// Reads all examples whose files have not been read whole yet, and gives what is wrong with them, in their order.
  package func unreadable() -> [DataError] {
    var errors: [DataError] = []
    for case .pictures(let set, _) in tensors.map(\.storage) where !set.isKept {
      let found = ResultSlots<DataError>(count: rows.count)
      ParallelWork(count: rows.count, threads: ParallelWork.processors - 1) { index in
        do throws(DataError) {
          _ = try set.prepared(set.paths[Int(rows[index])])
        } catch { found.slots[index] = error }
      }.finish()
      errors += found.slots.compactMap { $0 }
    }
    return errors
  }

  /// Throws `badData` for a target of which the loss ignores every number in every example: there is nothing to learn or to measure.
  func checkTargets() throws(DataError) {
    for tensor in tensors {
      let name = tensor.declaration.name
      guard let ignored = tensor.declaration.ignoredNumber, case .indices(let numbers) = tensor.storage else {
        continue
      }
      let size = tensor.exampleSize
      let counts = rows.contains { row in
        numbers[(Int(row) * size)..<((Int(row) + 1) * size)].contains { Int($0) != ignored }
      }
      if counts { continue }
      throw DataError(
        .badData, origin, "\(name) is \(ignored) everywhere, which the loss ignores: no target counts",
        help: "leave `ignore=\(ignored)` out of the loss, or give other targets")
    }
  }

  /// How many examples each class of the tensor at this position has; nil when it is no scalar class.
  package func classCounts(tensor position: Int) -> [(name: String, count: Int)]? {
    let tensor = tensors[position]
    guard let classes = tensor.declaration.classCount, tensor.declaration.shape.isEmpty else { return nil }
    var counts = [Int](repeating: 0, count: classes)
    for row in rows {
      let number = tensor.classNumber(Int(row))
      if counts.indices.contains(number) { counts[number] += 1 }
    }
    return counts.enumerated().map { (tensor.className($0), $1) }
  }

  /// The smallest number, the mean and the greatest of a tensor of numbers in memory, over this part; nil for others.
  package func range(tensor position: Int) -> (low: Float, mean: Double, high: Float)? {
    let tensor = tensors[position]
    guard tensor.declaration.element == .float32, !rows.isEmpty, tensor.exampleSize > 0 else { return nil }
    var (low, sum, high) = (Float.infinity, 0.0, -Float.infinity)
    func add(_ number: Float, times count: Int) {
      (low, high) = (min(low, number), max(high, number))
      sum += Double(count) * Double(number)
    }
    switch tensor.storage {
    case .floats(let numbers):
      for row in rows {
        for number in numbers[(Int(row) * tensor.exampleSize)..<((Int(row) + 1) * tensor.exampleSize)] {
          add(number, times: 1)
        }
      }
    case .bytes(let bytes, let values):
      let channelSize = max(1, tensor.exampleSize / (values.count / 256))
      var counts = [Int](repeating: 0, count: values.count)
      for row in rows {
        let start = Int(row) * tensor.exampleSize
        for place in 0..<tensor.exampleSize { counts[256 * (place / channelSize) + Int(bytes[start + place])] += 1 }
      }
      for (value, count) in zip(values, counts) where count > 0 { add(value, times: count) }
    case .pictures, .indices, .texts: return nil
    }
    return (low, sum / Double(max(1, rows.count * tensor.exampleSize)), high)
  }

  /// How many places the texts of a tensor fill before their padding, in the mean and at most, over this part; nil for what is not made
  /// of text by a transform that pads.
  package func filledPlaces(tensor position: Int) -> (mean: Double, most: Int)? {
    let tensor = tensors[position]
    guard case .indices(let numbers) = tensor.storage, !rows.isEmpty,
      let encoder = encoders.first(where: { $0.tensors.contains(tensor.declaration.name) })
    else { return nil }
    let pad = Int32(encoder.transform.pad)
    let filled = rows.map { row in
      let places = numbers[(Int(row) * tensor.exampleSize)..<((Int(row) + 1) * tensor.exampleSize)]
      return (places.lastIndex { $0 != pad } ?? places.startIndex - 1) + 1 - places.startIndex
    }
    return (Double(filled.reduce(0, +)) / Double(filled.count), filled.max() ?? 0)
  }

  /// The file of an example, where each has one.
  package func path(ofRow row: Int) -> String? {
    tensors.lazy.map(\.paths).first { $0.indices.contains(row) }?[row]
  }
}

extension TensorDeclaration {
  /// How many classes its numbers name; nil for `f32`.
  package var classCount: Int? {
    switch element {
    case .index(let count): count
    case .bool: 2
    case .float32: nil
    }
  }
}

extension DataTensor {
  /// The class of an example of a scalar `index(n)` or `bool`.
  package func classNumber(_ row: Int) -> Int {
    switch storage {
    case .indices(let numbers): Int(numbers[row])
    case .floats(let numbers): numbers[row] > 0.5 ? 1 : 0
    case .bytes, .pictures, .texts: 0
    }
  }

  /// The name of a class: the file's, or its number.
  package func className(_ number: Int) -> String {
    classNames.indices.contains(number)
      ? classNames[number] : declaration.element == .bool ? (number == 0 ? "false" : "true") : String(number)
  }
}

extension Dataset {
  /// Reads the numbers of an example, by its row, of the `f32` or `bool` tensor at this position; nil for another one.
  package func numbers(tensor position: Int) -> ((Int) -> [Float])? {
    let tensor = tensors[position]
    switch tensor.storage {
    case .indices, .texts: return nil
    case .bytes, .floats, .pictures:
      return { row in
        [Float](unsafeUninitializedCapacity: tensor.exampleSize) { buffer, initialized in
          let numbers = UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.exampleSize])
          numbers.initialize(repeating: 0)
          tensor.fill(numbers, examples: [Int32(row)])
          initialized = tensor.exampleSize
        }
      }
    }
  }

  /// Reads the numbers of an example of the `index(n)` tensor at this position; nil for another one.
  package func indices(tensor position: Int) -> ((Int) -> ArraySlice<Int32>)? {
    let tensor = tensors[position]
    guard case .indices(let numbers) = tensor.storage else { return nil }
    return { row in numbers[(row * tensor.exampleSize)..<((row + 1) * tensor.exampleSize)] }
  }
}
