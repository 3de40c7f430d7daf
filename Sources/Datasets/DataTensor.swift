/// In which order the numbers of an example are written.
package enum ExampleOrder: Sendable {
  /// Row-major, as its shape is declared.
  case declared
  /// For a shape `[c, h, w]`: the channels of a pixel side by side. Others are as declared.
  case channelsLast
}

/// All examples of one input or target, in logical row-major order: the first axis is the example, then the declared shape.
package struct DataTensor: Sendable {
  /// How the numbers are kept.
  package enum Storage: Sendable {
    /// A byte for each number; its value is `values[256 * channel + byte]`, with one table for all or one for each index of the
    /// first axis. A quarter of the memory, and a scaling costs nothing.
    case bytes([UInt8], values: [Float])
    /// Pictures of files, made when they are asked for; `values` as above.
    case pictures(PictureSet, values: [Float])
    /// `f32`, and `bool` as 0 or 1.
    case floats([Float])
    /// `index(n)`
    case indices([Int32])
    /// Texts, before they become numbers: no dataset has them any more.
    case texts([TextField])
  }

  package let declaration: TensorDeclaration
  package internal(set) var storage: Storage
  /// What the numbers of a target stand for, when the file says so; empty otherwise.
  package internal(set) var classNames: [String]

  /// The file of each example, where each has one of its own; empty otherwise.
  package internal(set) var paths: [String] = []

  /// The numbers in one example.
  package let exampleSize: Int

  init(_ declaration: TensorDeclaration, _ storage: Storage, classNames: [String] = []) {
    self.declaration = declaration
    self.storage = storage
    self.classNames = classNames
    exampleSize = declaration.shape.reduce(1, *)
  }

  /// Whether an example is not the same in every pass.
  var isRandom: Bool {
    if case .pictures(let set, _) = storage { set.changes } else { false }
  }

  /// The same tensor with nothing left to chance.
  var steady: DataTensor {
    guard case .pictures(let set, let values) = storage else { return self }
    var result = self
    result.storage = .pictures(set.steady, values: values)
    return result
  }

  /// Writes the given examples one after the other, as they are in pass `pass` over the data. The tensor is `f32` or `bool`, the
  /// examples exist, `output` has room for them.
  func fill(
    _ output: UnsafeMutableBufferPointer<Float>, examples: ArraySlice<Int32>, pass: Int = 0,
    order: ExampleOrder = .declared
  ) {
    let size = exampleSize
    precondition(output.count >= examples.count * size)
    guard size > 0, var next = output.baseAddress else { return }
    let (planes, step) = planes(order)
    let planeSize = size / planes
    switch storage {
    case .floats(let numbers):
      numbers.withUnsafeBufferPointer { numbers in
        for example in examples {
          let source = numbers.baseAddress! + Int(example) * size
          if step == 1 {
            next.update(from: source, count: size)
          } else {
            for plane in 0..<planes {
              for index in 0..<planeSize { next[index &* step &+ plane] = source[plane &* planeSize &+ index] }
            }
          }
          next += size
        }
      }
    case .bytes(let bytes, let values):
      bytes.withUnsafeBufferPointer { bytes in
        values.withUnsafeBufferPointer { values in
          for example in examples {
            var source = bytes.baseAddress! + Int(example) * size
            for plane in 0..<planes {
              let table = values.baseAddress! + (values.count > 256 ? 256 * plane : 0)
              let target = next + (step == 1 ? plane * planeSize : plane)
              for index in 0..<planeSize { target[index &* step] = table[Int(source[index])] }
              source += planeSize
            }
            next += size
          }
        }
      }
    case .pictures(let set, let values):
      values.withUnsafeBufferPointer { values in
        for example in examples {
          set.picture(Int(example), pass: pass).write(to: next, values: values, order: order)
          next += size
        }
      }
    case .indices, .texts: preconditionFailure("an index tensor is filled with Int32")
    }
  }

  /// How many planes an example has, and how far apart neighbours in one of them are written.
  private func planes(_ order: ExampleOrder) -> (count: Int, step: Int) {
    if order == .channelsLast, declaration.shape.count == 3 { return (declaration.shape[0], declaration.shape[0]) }
    if case .bytes(_, let values) = storage { return (values.count / 256, 1) }
    return (1, 1)
  }

  /// Writes the given examples one after the other. The tensor is `index(n)`, the examples exist, `output` has room for them.
  func fill(_ output: UnsafeMutableBufferPointer<Int32>, examples: ArraySlice<Int32>) {
    let size = exampleSize
    precondition(output.count >= examples.count * size)
    guard case .indices(let numbers) = storage else { preconditionFailure("only an index tensor is filled with Int32") }
    guard size > 0, var next = output.baseAddress else { return }
    numbers.withUnsafeBufferPointer { numbers in
      for example in examples {
        next.update(from: numbers.baseAddress! + Int(example) * size, count: size)
        next += size
      }
    }
  }
}

extension DataTensor {
  /// The examples of a tensor of numbers.
  var exampleCount: Int {
    let size = max(1, exampleSize)
    return switch storage {
    case .bytes(let bytes, _): bytes.count / size
    case .pictures(let set, _): set.paths.count
    case .floats(let numbers): numbers.count / size
    case .indices(let numbers): numbers.count / size
    case .texts(let texts): texts.count
    }
  }
}

extension Picture {
  /// Writes what `values` has for each byte (one table for all, or one for each channel).
  func write(
    to output: UnsafeMutablePointer<Float>, values: UnsafeBufferPointer<Float>, order: ExampleOrder = .declared
  ) {
    let (pixels, channels) = (width * height, channels)
    bytes.withUnsafeBufferPointer { bytes in
      if order == .channelsLast, channels == 3 {
        let (red, next) = (values.baseAddress!, values.count > 256 ? 256 : 0)
        let (green, blue) = (red + next, red + 2 * next)
        var index = 0
        while index < 3 * pixels {
          output[index] = red[Int(bytes[index])]
          output[index &+ 1] = green[Int(bytes[index &+ 1])]
          output[index &+ 2] = blue[Int(bytes[index &+ 2])]
          index &+= 3
        }
        return
      }
      for channel in 0..<channels {
        let table = values.baseAddress! + (values.count > 256 ? 256 * channel : 0)
        let plane = output + channel * pixels
        for pixel in 0..<pixels { plane[pixel] = table[Int(bytes[pixel * channels + channel])] }
      }
    }
  }
}

extension TensorDeclaration {
  /// The type as the language writes it, such as `f32[1, 28, 28]` or `index(10)`.
  package var type: String {
    switch element {
    case .float32: "f32" + DataError.written(shape)
    case .bool: "bool" + DataError.written(shape)
    case .index(let count): "index(\(count))" + DataError.written(shape)
    }
  }

  /// The numbers in one example; nil when that overflows.
  var checkedSize: Int? {
    var size = 1
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      if overflow || product < 0 { return nil }
      size = product
    }
    return size
  }
}
