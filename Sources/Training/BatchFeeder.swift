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
  }

  /// Writes batch `index` of the current epoch of `sequence`.
  package func feed(_ sequence: borrowing BatchSequence, batch index: Int) {
    if let share { machine.write([sequence.mixing(ofBatch: index)?.share ?? 1], to: share) }
    for target in targets {
      let tensor = target.tensor
      let machine = machine
      switch tensor.storage {
      case .float32:
        fill(tensor, as: Float.self) {
          if target.isOfPartners {
            sequence.fillPartners($0, tensor: target.position, batch: index)
          } else {
            sequence.fill($0, tensor: target.position, batch: index)
          }
        } move: {
          machine.write($0, to: tensor)
        }
      case .int32:
        fill(tensor, as: Int32.self) {
          if target.isOfPartners {
            sequence.fillPartners($0, tensor: target.position, batch: index)
          } else {
            sequence.fill($0, tensor: target.position, batch: index)
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

  /// Straight into the plan's memory where that is in logical order, through a buffer otherwise.
  private func fill<Number: BitwiseCopyable>(
    _ tensor: PlanTensor, as type: Number.Type, _ body: (UnsafeMutableBufferPointer<Number>) -> Void,
    move: (UnsafeBufferPointer<Number>) -> Void
  ) {
    if tensor.isInLogicalOrder {
      let memory = machine.address(tensor.location).assumingMemoryBound(to: Number.self)
      return body(UnsafeMutableBufferPointer(start: memory, count: tensor.count))
    }
    withUnsafeTemporaryAllocation(of: Number.self, capacity: max(1, tensor.count)) { buffer in
      let values = UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.count])
      body(values)
      move(UnsafeBufferPointer(values))
    }
  }
}

extension PlanTensor {
  /// Whether the tensor lies in memory as the world sees it.
  var isInLogicalOrder: Bool {
    nests.count == 1 && nests[0].logicalStart == 0 && nests[0].physicalStart == 0
      && nests[0].loops.allSatisfy { $0.logical == $0.physical || $0.extent == 1 }
  }
}
