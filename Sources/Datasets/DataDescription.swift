/// What a `train` section says about its data: a source and what happens to its values on the way. A plain value with every argument
/// evaluated; nothing is opened by making one. `DataOpening.open` turns descriptions into datasets.
package struct DataDescription: Hashable, Sendable {
  package var source: DataSource
  package var transforms: [DataTransform]

  package init(_ source: DataSource, transforms: [DataTransform] = []) {
    self.source = source
    self.transforms = transforms
  }

  /// The parameter of `mixup`, where the examples are mixed.
  package var mixup: Double? {
    transforms.lazy.compactMap { if case .mixup(let alpha) = $0 { alpha } else { nil } }.first
  }
}

/// Where examples come from. Relative paths are relative to the folder of the `.net` file.
package enum DataSource: Hashable, Sendable {
  /// The embedded 8x8 digits.
  case digits(DigitsPart)
  /// A pair of IDX files, `STEM-images-idx3-ubyte` and `STEM-labels-idx1-ubyte`, each perhaps with `.gz`.
  case idx(stem: String)
  /// Rows of text with one delimiter: `csv` (a comma) and `tsv` (a tab).
  case table(TableDescription)
  /// A safetensors file with one tensor for each input and target, examples along the first axis.
  case tensors(path: String, shuffle: Bool)
  /// One long text, of which every example is a window.
  case text(path: String)
  /// A part taken away from the training data, 0 < fraction < 1, with its share of every class if `stratified`. Only a validation has
  /// this source; it also has the transforms of the training data, before its own.
  case split(fraction: Double, stratified: Bool = true)
  /// A folder with one folder of pictures per class, JPEG or PNG; the order of the classes is given, or sorted.
  case imageFolder(path: String, classes: [String]?)
  /// A source of the language that cannot be opened yet, by its word. Opening it is an error that says so.
  case unsupported(word: String)
}

/// The two parts of the embedded digits.
package enum DigitsPart: String, Hashable, Sendable, CaseIterable {
  case train, test
}

/// A file of rows and columns, and which columns make up which tensor.
package struct TableDescription: Hashable, Sendable {
  package var path: String
  package var delimiter: TableDelimiter
  /// One entry for each input and target, in the order in which they were written.
  package var tensors: [TableTensor]

  package init(path: String, delimiter: TableDelimiter, tensors: [TableTensor]) {
    self.path = path
    self.delimiter = delimiter
    self.tensors = tensors
  }
}

/// What separates the fields of a row; the raw value is the word of the language.
package enum TableDelimiter: String, Hashable, Sendable, CaseIterable {
  case csv, tsv

  /// The delimiter's byte.
  package var byte: UInt8 { self == .csv ? 0x2C : 0x09 }
}

/// The columns that become the tensor `name`, in this order.
package struct TableTensor: Hashable, Sendable {
  package var name: String
  package var columns: [TableColumn]

  package init(_ name: String, columns: [TableColumn]) {
    self.name = name
    self.columns = columns
  }
}

/// A column by its title in the header row, or by its position, from 0.
package enum TableColumn: Hashable, Sendable {
  case title(String)
  case position(Int)
}

/// A change of values. `tensors` names what it applies to; empty means every `f32` input. Targets change only when named.
package enum DataTransform: Hashable, Sendable {
  /// `x * factor`
  case scale(factor: Double, tensors: [String] = [])
  /// `(x - mean) / deviation`, with one number for all or one for each index of the first axis (the channels). With `ofPictures`, both are
  /// given for pictures whose black is 0 and whose white is 1, and hold for whatever numbers black and white are by then.
  case normalize(mean: [Double], deviation: [Double], ofPictures: Bool = false, tensors: [String] = [])
  /// `(x - mean) / deviation` with the statistics of the training part, one pair for each index of the first axis.
  case standardize(tensors: [String] = [])
  /// `(x - min) / (max - min)` with the extremes of the training part, one pair for each index of the first axis.
  case minMax(tensors: [String] = [])
  /// Text to whole numbers.
  case tokens(TokenTransform)
  /// Examples are mixed in pairs, when batches are made for training.
  case mixup(alpha: Double)
  /// A change of pictures, before they become numbers.
  case picture(PictureTransform)

  /// `normalize(imagenet)`: the channel means and deviations of ImageNet's training pictures, scaled to 0 ... 1, as torchvision
  /// states them.
  package static let imagenet = DataTransform.normalize(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], ofPictures: true)
}

/// One tensor of an example as the net declares it, an input or a target.
package struct TensorDeclaration: Hashable, Sendable {
  /// What its numbers are.
  package enum Element: Hashable, Sendable {
    case float32
    /// Stored as Float32 0 or 1.
    case bool
    /// Stored as Int32, in `0 ..< count`.
    case index(count: Int)
  }

  package enum Role: Hashable, Sendable {
    case input, target
  }

  package var name: String
  package var element: Element
  /// The shape of one example, such as `[C, H, W]`; `[]` for a scalar.
  package var shape: [Int]
  package var role: Role
  /// The number that hides a place where a layer takes it as its mask: 0, which is false, or that of `x != number`. An example that holds
  /// nothing else would hide all of a sequence.
  package var hidingNumber: Double?
  /// The number that the loss ignores wherever it reads this tensor as its target.
  package var ignoredNumber: Int?

  package init(_ name: String, _ element: Element, shape: [Int] = [], role: Role) {
    self.name = name
    self.element = element
    self.shape = shape
    self.role = role
  }
}
