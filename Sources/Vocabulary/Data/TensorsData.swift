import Datasets

/// `tensors("file.safetensors", shuffle=true)`
package enum TensorsData: DataSourceWord {
  package static let name = "tensors"
  package static let documentation =
    "A safetensors file with one tensor for each input and target, examples along the first axis."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("file", .text), .optional("shuffle", .flag, "true", namedOnly: true),
  ]

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    .tensors(path: arguments.text("file") ?? "", shuffle: arguments.flag("shuffle", else: true))
  }
}
