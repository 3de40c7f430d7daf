import KernelContract

/// The bytes that the calls of a unit move for each of their operands. A call that names a part of a buffer has it up to the next part
/// that any call of the unit names.
struct UnitTraffic {
  private let unit: Unit
  private let buffers: [Buffer]
  private let starts: [Int: [Int]]

  init(_ unit: Unit, _ buffers: [Buffer]) {
    self.unit = unit
    self.buffers = buffers
    var starts: [Int: Set<Int>] = [:]
    for operand in unit.calls.flatMap(\.operands) {
      let (buffer, offset) = UnitTraffic.place(operand, unit)
      if let offset { starts[buffer, default: []].insert(offset) }
    }
    self.starts = starts.mapValues { $0.sorted() }
  }

  /// The bytes of each operand of a call; twice those of one that the unit updates in place.
  func bytes(of call: KernelCall) -> [Double] {
    call.operands.map { operand in
      let (buffer, offset) = UnitTraffic.place(operand, unit)
      let whole = 4 * buffers[buffer].size
      let bytes = offset.map { offset in (starts[buffer]?.first { $0 > offset } ?? whole) - offset } ?? whole
      return Double(isUpdated(operand, buffer) ? 2 * bytes : bytes)
    }
  }

  private func isUpdated(_ operand: CallOperand, _ buffer: Int) -> Bool {
    switch operand {
    case .operand(let position), .operandPart(let position, _): unit.mutated.contains(position)
    case .result, .resultPart: unit.mutated.contains { unit.operands[$0] == buffer }
    case .workspace, .prepared: false
    }
  }

  /// The buffer of an operand, and where in it, in bytes, it starts if it is a part.
  private static func place(_ operand: CallOperand, _ unit: Unit) -> (buffer: Int, offset: Int?) {
    switch operand {
    case .operand(let position): (unit.operands[position], nil)
    case .operandPart(let position, let offset): (unit.operands[position], offset)
    case .result: (unit.result, nil)
    case .resultPart(let offset): (unit.result, offset)
    case .workspace(let offset): (unit.workspace ?? unit.result, offset)
    case .prepared(let offset): (unit.prepared ?? unit.result, offset)
    }
  }
}
