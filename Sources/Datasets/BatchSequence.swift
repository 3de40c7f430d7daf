import Graphs

/// The batches of one epoch after the other. The order depends on the seed and the epoch alone: Fisher and Yates over `SplitMix64`,
/// started anew for each epoch; a batch that holds the whole set has the set's order, as no step could tell the difference. Nothing is allocated after it was made,
/// except for pictures of files: threads make those of the next batch while the caller is busy with the present one.
package struct BatchSequence: Sendable {
  package let dataset: Dataset
  /// Examples in a batch.
  package let batch: Int
  package let batchesPerEpoch: Int
  private let shuffles: Bool
  private let seed: UInt64
  private var order: [Int32]
  private var epoch = 0
  private let ahead = PicturesAhead()
  private let mixup: Double?

  /// The sequence at epoch 0. The last batch of an epoch is dropped when it is not full, unless `keepLast` (evaluation keeps it).
  /// `mixup` is the parameter of the transform of that name, where examples are mixed. Shuffles only if `dataset.mayShuffle` too. Throws `description` when the batch is not positive, or larger than the data while
  /// partial batches are dropped.
  package init(
    _ dataset: Dataset, batch: Int, shuffle: Bool, keepLast: Bool, seed: UInt64, mixup: Double? = nil
  ) throws(DataError) {
    guard batch > 0 else {
      throw DataError(.description, nil, "batch is \(batch), expected at least 1")
    }
    guard keepLast || batch <= dataset.count else {
      throw DataError(
        .description, nil,
        "batch is \(batch), but \(dataset.origin) has only \(dataset.count) \(dataset.count == 1 ? "example" : "examples")",
        help: "use `batch = all` or at most \(dataset.count)")
    }
    self.dataset = dataset
    self.batch = batch
    self.seed = seed
    self.mixup = mixup
    shuffles = shuffle && dataset.mayShuffle && batch < dataset.count
    batchesPerEpoch = dataset.count / batch + (keepLast && dataset.count % batch > 0 ? 1 : 0)
    order = dataset.rows
    startEpoch(0)
  }

  /// Whether each epoch is one batch with the same numbers as every other: nothing is shuffled, changed at random or mixed.
  package var isConstant: Bool {
    batchesPerEpoch == 1 && !shuffles && mixup == nil && !dataset.tensors.contains(where: \.isRandom)
  }

  /// Goes to the order of `epoch`, from whichever epoch it was at.
  package mutating func startEpoch(_ epoch: Int) {
    self.epoch = epoch
    guard shuffles else { return }
    for index in order.indices { order[index] = dataset.rows[index] }
    var generator = SplitMix64(seed: seed, purpose: .order, number: epoch)
    generator.shuffle(&order)
  }

  /// The examples in batch `index` of an epoch: `batch`, or fewer in a last one that is kept.
  package func exampleCount(ofBatch index: Int) -> Int { rows(ofBatch: index).count }

  /// The rows of the dataset's tensors that batch `index` takes, in order.
  package func rows(ofBatch index: Int) -> ArraySlice<Int32> {
    precondition(0 <= index && index < batchesPerEpoch)
    return order[(index * batch)..<min(order.count, (index + 1) * batch)]
  }

  /// How the examples of batch `index` are mixed; nil where they are not.
  package func mixing(ofBatch index: Int) -> Mixing? {
    mixup.map { Mixing(alpha: $0, seed: seed, epoch: epoch, batch: index, count: exampleCount(ofBatch: index)) }
  }

  /// The rows of the examples that are mixed into those of batch `index`, in order.
  private func partners(ofBatch index: Int) -> ArraySlice<Int32> {
    let rows = rows(ofBatch: index)
    guard let mixing = mixing(ofBatch: index) else { return rows }
    return mixing.partners.map { rows[rows.startIndex + Int($0)] }[...]
  }

  /// Writes the targets of the examples that are mixed into those of batch `index`, for the `f32` or `bool` tensor at this position.
  package func fillPartners(_ output: UnsafeMutableBufferPointer<Float>, tensor: Int, batch index: Int) {
    dataset.tensors[tensor].fill(output, examples: partners(ofBatch: index))
  }

  /// The same for an `index(n)` tensor.
  package func fillPartners(_ output: UnsafeMutableBufferPointer<Int32>, tensor: Int, batch index: Int) {
    dataset.tensors[tensor].fill(output, examples: partners(ofBatch: index))
  }

  /// Writes the examples of batch `index`, each in `order`, for the `f32` or `bool` tensor at this position in the dataset, inputs mixed
  /// where they are to be. What `output` has beyond them stays as it is.
  package func fill(
    _ output: UnsafeMutableBufferPointer<Float>, tensor: Int, batch index: Int, order: ExampleOrder = .declared
  ) {
    fillPlain(output, tensor: tensor, batch: index, order)
    guard dataset.tensors[tensor].declaration.role == .input, let mixing = mixing(ofBatch: index) else { return }
    let size = dataset.tensors[tensor].exampleSize
    let plain = Array(output[..<(mixing.partners.count * size)])
    plain.withUnsafeBufferPointer { plain in
      for (example, partner) in mixing.partners.enumerated() {
        for place in 0..<size {
          output[example * size + place] =
            mixing.share * plain[example * size + place] + (1 - mixing.share) * plain[Int(partner) * size + place]
        }
      }
    }
  }

  private func fillPlain(
    _ output: UnsafeMutableBufferPointer<Float>, tensor: Int, batch index: Int, _ order: ExampleOrder
  ) {
    let data = dataset.tensors[tensor]
    guard case .pictures(let set, let values) = data.storage, let memory = output.baseAddress else {
      return data.fill(output, examples: rows(ofBatch: index), order: order)
    }
    precondition(output.count >= rows(ofBatch: index).count * data.exampleSize)
    picturesAhead(set, batch: index).write(
      to: memory, values: values, exampleSize: data.exampleSize, order: order)
  }

  /// See `Dataset.byteValues`; what is mixed are no bytes any more.
  package var byteValues: [String: ByteValues] { mixup == nil ? dataset.byteValues : [:] }

  /// Hands the bytes of the examples of batch `index` to `write`, in `order`, with their positions in the batch, for an input that
  /// `byteValues` has.
  package func writeBytes(
    tensor: Int, batch index: Int, order: ExampleOrder,
    _ write: (_ position: Int, UnsafeBufferPointer<UInt8>) -> Void
  ) {
    let data = dataset.tensors[tensor]
    guard case .pictures(let set, _) = data.storage else {
      return data.writeBytes(of: rows(ofBatch: index), order: order, write)
    }
    picturesAhead(set, batch: index).writeBytes(order: order, write)
  }

  /// The pictures of a batch; those of the next one are begun.
  private func picturesAhead(_ set: PictureSet, batch index: Int) -> PictureBatch {
    let batch = ahead.take(set, examples: rows(ofBatch: index), pass: epoch)
    batch.finish()
    if index + 1 < batchesPerEpoch { ahead.begin(set, examples: rows(ofBatch: index + 1), pass: epoch) }
    return batch
  }

  /// Why an example could not be read since the sequence was made: a file that was there before is gone or damaged.
  package var failure: DataError? {
    for tensor in dataset.tensors {
      if case .pictures(let set, _) = tensor.storage, let failed = set.failed { return failed }
    }
    return nil
  }

  /// Writes the examples of batch `index`, row-major, for the `index(n)` tensor at this position in the dataset. What `output` has
  /// beyond them stays as it is.
  package func fill(_ output: UnsafeMutableBufferPointer<Int32>, tensor: Int, batch index: Int) {
    dataset.tensors[tensor].fill(output, examples: rows(ofBatch: index))
  }
}
