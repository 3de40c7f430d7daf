import KernelContract

extension Machine {
  /// Writes the bytes of one example, in the order in which they lie, into a tensor of bytes.
  package func writeBytes(_ bytes: UnsafeBufferPointer<UInt8>, example: Int, to tensor: PlanTensor) {
    let rows = tensor.shape[0]
    precondition(bytes.count == tensor.count / max(1, rows) && 0 <= example && example < rows)
    guard let source = bytes.baseAddress else { return }
    let target = address(tensor.location).assumingMemoryBound(to: UInt8.self)
    if tensor.storage == .pictures {
      (target + example * bytes.count).update(from: source, count: bytes.count)
      return
    }
    for first in stride(from: 0, to: bytes.count, by: BytePanels.width) {
      (target + first * rows + example * BytePanels.width).update(
        from: source + first, count: min(BytePanels.width, bytes.count - first))
    }
  }

  /// Writes `values`, in logical row-major order, into a float tensor.
  package func write(_ values: UnsafeBufferPointer<Float>, to tensor: PlanTensor) {
    transfer(values, to: tensor)
  }

  /// Writes `values`, in logical row-major order, into an index tensor.
  package func write(_ values: UnsafeBufferPointer<Int32>, to tensor: PlanTensor) {
    transfer(values, to: tensor)
  }

  package func write(_ values: [Float], to tensor: PlanTensor) {
    values.withUnsafeBufferPointer { transfer($0, to: tensor) }
  }
  package func write(_ values: [Int32], to tensor: PlanTensor) {
    values.withUnsafeBufferPointer { transfer($0, to: tensor) }
  }

  /// Gives a float tensor the numbers that `draw` writes, on all workers; padding stays as it is.
  /// - Parameter draw: writes the numbers of consecutive logical positions, from the given one on; the same whoever asks, and however
  ///   often; where others lie between two places of the tensor, some in vain.
  package func fill(
    _ tensor: PlanTensor, draw: @escaping @Sendable (_ first: Int, _ numbers: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let target = Floats(pointer: address(tensor.location).assumingMemoryBound(to: Float.self))
    let nests = tensor.nests.map(\.inLogicalOrder)
    if tensor.role == "parameter" { forgetPreparations() }
    run { worker, workers in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: DrawnRuns.capacity) { numbers in
        for nest in nests {
          guard let outer = nest.loops.first else { continue }
          let (first, end) = (outer.extent * worker / workers, outer.extent * (worker + 1) / workers)
          var share = nest
          share.loops[0].extent = end - first
          let runs = DrawnRuns(nest: share, target: target.pointer, numbers: numbers, draw: draw)
          runs.fill(0, nest.logicalStart + first * outer.logical, nest.physicalStart + first * outer.physical)
        }
      }
    }
  }

  /// The tensor's values in logical row-major order; those of an index tensor as their bits.
  package func read(_ tensor: PlanTensor) -> [Float] {
    let source = address(tensor.location).assumingMemoryBound(to: Float.self)
    return [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
      for nest in tensor.nests {
        walk(nest, nest.logicalStart, nest.physicalStart) { logical, physical, extent, loop in
          for index in 0..<extent {
            buffer[logical &+ index &* loop.logical] = source[physical &+ index &* loop.physical]
          }
        }
      }
      count = tensor.count
    }
  }

  private func transfer<Number>(_ values: UnsafeBufferPointer<Number>, to tensor: PlanTensor) {
    precondition(values.count == tensor.count)
    let target = address(tensor.location).assumingMemoryBound(to: Number.self)
    guard let source = values.baseAddress else { return }
    if tensor.role == "parameter" { forgetPreparations() }
    for nest in tensor.nests {
      walk(nest, nest.logicalStart, nest.physicalStart) { logical, physical, extent, loop in
        if loop.logical == 1 && loop.physical == 1 {
          (target + physical).update(from: source + logical, count: extent)
        } else {
          for index in 0..<extent {
            target[physical &+ index &* loop.physical] = source[logical &+ index &* loop.logical]
          }
        }
      }
    }
  }
}

extension TransferNest {
  /// The same transfers, those of neighbours in logical order one after another, and in as few loops as that takes.
  fileprivate var inLogicalOrder: TransferNest {
    var nest = self
    nest.loops = []
    for loop in loops.sorted(by: { $0.logical > $1.logical }) where loop.extent != 1 || loops.count == 1 {
      if let outer = nest.loops.last, outer.logical == loop.extent * loop.logical,
        outer.physical == loop.extent * loop.physical
      {
        nest.loops[nest.loops.count - 1] = Loop(
          extent: outer.extent * loop.extent, logical: loop.logical, physical: loop.physical)
      } else {
        nest.loops.append(loop)
      }
    }
    if nest.loops.isEmpty { nest.loops = loops.suffix(1) }
    return nest
  }
}

/// An address whose parts different workers write.
private struct Floats: @unchecked Sendable { let pointer: UnsafeMutablePointer<Float> }

/// Calls `body(logical, physical, extent, loop)` for the innermost loop of `nest`, once for each position of the others.
func walk(
  _ nest: TransferNest, _ logical: Int, _ physical: Int, _ body: (Int, Int, Int, TransferNest.Loop) -> Void
) {
  // Workers that walk the same nest would otherwise count references to its array in turn.
  nest.loops.withUnsafeBufferPointer { walk($0, 0, logical, physical, body) }
}

private func walk(
  _ loops: UnsafeBufferPointer<TransferNest.Loop>, _ depth: Int, _ logical: Int, _ physical: Int,
  _ body: (Int, Int, Int, TransferNest.Loop) -> Void
) {
  guard depth < loops.count else { return }
  let loop = loops[depth]
  guard depth + 1 < loops.count else { return body(logical, physical, loop.extent, loop) }
  for index in 0..<loop.extent {
    walk(loops, depth + 1, logical + index * loop.logical, physical + index * loop.physical, body)
  }
}
