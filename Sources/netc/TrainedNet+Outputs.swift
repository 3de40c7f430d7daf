import Datasets
import Execution
import Graphs

extension TrainedNet {
  /// Writes what the net says of a set to a safetensors file: each output as one tensor (F32, I64 of an index, BOOL), the examples in the order of the set
  /// along its first axis. Throws `badData` where they need more memory than there is.
  func writeOutputs(of dataset: Dataset, to path: String) throws(Failure) {
    let outputs = model.outputs
    let needed = outputs.reduce(0.0) { sum, output in
      sum + 4 * Double(dataset.count) * output.type.shape.reduce(1.0) { $0 * Double($1) }
    }
    guard needed < Double(Memory.available) / 2 else {
      throw Failure(
        .badData,
        "\(path): the outputs of \(dataset.count) examples take \(NumberFormat.bytes(Int(min(needed, 1e18)))), more than half "
          + "of the memory that is available", help: "measure fewer examples: `--set 'validation=…'`")
    }
    var numbers = outputs.map { _ in [Float]() }
    try predict(outputs.map(\.name), dataset) { _, values in
      for (index, values) in values.enumerated() { numbers[index] += values }
    }
    do {
      try SafetensorsWriter.write(
        zip(outputs, numbers).map { output, numbers in
          let values: SafetensorsWriter.Tensor.Values =
            switch output.type.element {
            case .float32: .floats(numbers)
            case .index: .integers(numbers.map { Int64(Int32(bitPattern: $0.bitPattern)) })
            case .bool: .bools(numbers.map { $0 != 0 })
            }
          return SafetensorsWriter.Tensor(output.name, shape: [dataset.count] + output.type.shape, values)
        }, to: path)
    } catch { throw Failure(error) }
  }
}
