import Synchronization

/// The pictures of some examples in one pass over the data, made by threads of their own.
final class PictureBatch: Sendable {
  let examples: [Int32]
  let pass: Int
  private let pictures: ResultSlots<Picture>
  private let work: ParallelWork

  init(_ set: PictureSet, examples: [Int32], pass: Int, threads: Int) {
    self.examples = examples
    self.pass = pass
    let pictures = ResultSlots<Picture>(count: examples.count)
    self.pictures = pictures
    work = ParallelWork(count: examples.count, threads: threads) { index in
      pictures.slots[index] = set.picture(Int(examples[index]), pass: pass)
    }
  }

  /// Waits for all pictures.
  func finish() { work.finish() }

  /// Writes all pictures, which are finished, one after the other, each byte as what `values` has for it.
  func write(to output: UnsafeMutablePointer<Float>, values: [Float], exampleSize: Int, order: ExampleOrder) {
    values.withUnsafeBufferPointer { values in
      for index in examples.indices {
        pictures.slots[index]?.write(to: output + index * exampleSize, values: values, order: order)
      }
    }
  }

  /// Hands the bytes of all pictures, which are finished, to `write`, with their positions.
  func writeBytes(order: ExampleOrder, _ write: (_ position: Int, UnsafeBufferPointer<UInt8>) -> Void) {
    for index in examples.indices {
      guard let picture = pictures.slots[index] else { continue }
      if order == .channelsLast || picture.channels == 1 {
        picture.bytes.withUnsafeBufferPointer { write(index, $0) }
      } else {
        var planes: [UInt8] = []
        picture.appendPlanes(to: &planes)
        planes.withUnsafeBufferPointer { write(index, $0) }
      }
    }
  }
}

/// Makes the pictures of the next batch while the present one is trained on: one batch at most, so its memory is bounded.
final class PicturesAhead: Sendable {
  private let next = Mutex<PictureBatch?>(nil)

  /// The batch that was begun, when it is the wanted one, else a new one.
  func take(_ set: PictureSet, examples: ArraySlice<Int32>, pass: Int) -> PictureBatch {
    let begun = next.withLock { next in
      defer { next = nil }
      return next
    }
    if let begun, begun.pass == pass, begun.examples[...] == examples { return begun }
    return PictureBatch(set, examples: Array(examples), pass: pass, threads: ParallelWork.processors - 1)
  }

  /// Begins a batch.
  func begin(_ set: PictureSet, examples: ArraySlice<Int32>, pass: Int) {
    let batch = PictureBatch(set, examples: Array(examples), pass: pass, threads: ParallelWork.processors)
    next.withLock { $0 = batch }
  }
}
