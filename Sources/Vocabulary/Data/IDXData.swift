import Datasets

/// `idx(stem)`: the format of MNIST.
package enum IDXData: DataSourceWord {
  package static let name = "idx"
  package static let documentation =
    "A pair of IDX files, `STEM-images-idx3-ubyte` and `STEM-labels-idx1-ubyte`, each perhaps with `.gz`."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("stem", .text)]

  package static func source(_ arguments: Arguments) throws(WordError) -> DataSource {
    .idx(stem: arguments.text("stem") ?? "")
  }
}
