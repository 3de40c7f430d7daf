import Datasets
import Execution
import Graphs

/// Moves batches of a set into the feeds of one plan.
package struct BatchFeeder {
  private struct Target {
    var tensor: PlanTensor
    var position: Int
    /// Whether it takes the examples that are mixed into those of the batch.
    var isOfPartners: Bool
  }
  private let machine: Machine
  private let targets: [Target]
  private let learningRate: PlanTensor?
  private let step: PlanTensor?
  private let share: PlanTensor?
  /// Set where the plan keeps its examples; says whether they are there.
  private let kept: KeptExamples?

  /// The inputs of `plan`, and its targets unless `inputsOnly`; throws when `dataset` lacks one.
  package init(_ machine: Machine, plan: Int, dataset: Dataset, inputsOnly: Bool = false) throws(DataError) {
    self.machine = machine
    var targets: [Target] = []
    let feeds = machine.plans[plan].feeds
    learningRate = feeds.first { $0.role == Feed.Role.learningRate.rawValue }
    step = feeds.first { $0.role == Feed.Role.step.rawValue }
    share = feeds.first { $0.role == Feed.Role.mixingShare.rawValue }
    let roles: [Feed.Role] = inputsOnly ? [.input] : [.input, .target, .mixedTarget]
    let examples = roles.map(\.rawValue)
    for feed in feeds where examples.contains(feed.role) {
      let isOfPartners = feed.role == Feed.Role.mixedTarget.rawValue
      let name = isOfPartners ? String(feed.name.dropLast(Feed.mixedSuffix.count)) : feed.name
      guard let position = dataset.position(of: name) else {
        throw DataError(.badData, nil, "\(dataset.origin) has no tensor \(DataError.quoted(feed.name))")
      }
      targets.append(
        Target(
          tensor: feed, position: position, isOfPartners: isOfPartners))
    }
    self.targets = targets
    kept = targets.allSatisfy { $0.tensor.location.region == .persistent } ? KeptExamples() : nil
  }

  /// Writes batch `index` of the current epoch of `sequence`. A constant sequence is written once, where the plan keeps it: one plan has
  /// one such feeder.
  package func feed(_ sequence: borrowing BatchSequence, batch index: Int) {
    if let kept {
      if kept.areThere { return }
      kept.areThere = sequence.isConstant
    }
    if let share { machine.write([sequence.mixing(ofBatch: index)?.share ?? 1], to: share) }
    for target in targets {
      let tensor = target.tensor
      let machine = machine
      switch tensor.storage {
      case .float32:
        fill(tensor, as: Float.self) { output, order in
          if target.isOfPartners {
            sequence.fillPartners(output, tensor: target.position, batch: index)
          } else {
            sequence.fill(output, tensor: target.position, batch: index, order: order)
          }
        } move: {
          machine.write($0, to: tensor)
        }
      case .bytePanels, .pictures:
        sequence.writeBytes(
          tensor: target.position, batch: index, order: tensor.storage.byteOrder
        ) { example, bytes in
          machine.writeBytes(bytes, example: example, to: tensor)
        }
      case .int32:
        fill(tensor, as: Int32.self) { output, _ in
          if target.isOfPartners {
            sequence.fillPartners(output, tensor: target.position, batch: index)
          } else {
            sequence.fill(output, tensor: target.position, batch: index)
          }
        } move: {
          machine.write($0, to: tensor)
        }
      }
    }
  }

  /// Writes the scalars that a training step reads: its learning rate and its number, from 1.
  package func feed(learningRate rate: Double, step number: Int) {
    if let learningRate { machine.write([Float(rate)], to: learningRate) }
    if let step { machine.write([Int32(clamping: number)], to: step) }
  }

  /// Straight into the plan's memory where examples can be written in its order, through a buffer otherwise.
  private func fill<Number: BitwiseCopyable>(
    _ tensor: PlanTensor, as type: Number.Type, _ body: (UnsafeMutableBufferPointer<Number>, ExampleOrder) -> Void,
    move: (UnsafeBufferPointer<Number>) -> Void
  ) {
    if let order = tensor.exampleOrder {
      let memory = machine.address(tensor.location).assumingMemoryBound(to: Number.self)
      return body(UnsafeMutableBufferPointer(start: memory, count: tensor.count), order)
    }
    withUnsafeTemporaryAllocation(of: Number.self, capacity: max(1, tensor.count)) { buffer in
      let values = UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.count])
      body(values, .declared)
      move(UnsafeBufferPointer(values))
    }
  }
}

/// Whether the memory of a plan has its examples already.
private final class KeptExamples {
  var areThere = false
}

extension PlanTensor.Storage {
  /// The order of the bytes of an example.
  fileprivate var byteOrder: ExampleOrder { self == .bytePanels(channelsLast: false) ? .declared : .channelsLast }
}

extension PlanTensor {
  /// The order in which the examples lie in memory one behind the other; nil where none of the orders that data can be written in.
  fileprivate var exampleOrder: ExampleOrder? {
    guard nests.count == 1, nests[0].logicalStart == 0, nests[0].physicalStart == 0 else { return nil }
    let loops = nests[0].loops
    if loops.allSatisfy({ $0.logical == $0.physical || $0.extent == 1 }) { return .declared }
    guard storage == .float32, shape.count == 4 else { return nil }
    let (channels, pixels) = (shape[1], shape[2] * shape[3])
    let channelsLast = [
      TransferNest.Loop(extent: shape[0], logical: channels * pixels, physical: channels * pixels),
      TransferNest.Loop(extent: pixels, logical: 1, physical: channels),
      TransferNest.Loop(extent: channels, logical: pixels, physical: 1),
    ]
    return loops == channelsLast ? .channelsLast : nil
  }
}
