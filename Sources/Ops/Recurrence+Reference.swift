import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// `tanh`, which inside an extension with a case of that name would be that.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

extension RecurrenceForm {
  /// The record of all steps in float64; operands as `Recurrence` has them.
  func states(_ operands: [HostTensor]) -> HostTensor {
    let (input, weight, bias) = (operands[0], operands[1], operands[2])
    let (batch, steps, width) = (input.shape[0], input.shape[1], weight.shape[1])
    let factors = factors(operands, from: 3, batch: batch, width: width)
    var record = HostTensor(shape: [batch, steps, width * cell.slots])
    for example in 0..<batch {
      var state = [Double](repeating: 0, count: width)
      var memory = state
      for step in order(steps) {
        let place = example * steps + step
        let read = (0..<width).map { state[$0] * factors[example * width + $0] }
        var recurrent = [Double](repeating: 0, count: cell.gates * width)
        for row in recurrent.indices {
          recurrent[row] = bias.values[row]
          for column in 0..<width { recurrent[row] += weight.values[row * width + column] * read[column] }
        }
        let isCounted = !hasMask || operands[3].values[place] > 0
        for unit in 0..<width {
          let gates = (0..<cell.gates).map { gate in
            (input.values[(place * cell.gates + gate) * width + unit], recurrent[gate * width + unit])
          }
          var slots = unitStep(gates, state: state[unit], memory: memory[unit])
          if !isCounted {
            slots = slots.map { _ in 0 }
            slots[cell.slots - 1] = state[unit]
            if cell == .lstm { slots[4] = memory[unit] }
          }
          for (slot, value) in slots.enumerated() {
            record.values[(place * cell.slots + slot) * width + unit] = value
          }
        }
        for unit in 0..<width {
          state[unit] = record.values[(place * cell.slots + cell.slots - 1) * width + unit]
          if cell == .lstm { memory[unit] = record.values[(place * cell.slots + 4) * width + unit] }
        }
      }
    }
    return record
  }

  /// What one unit records of a step.
  private func unitStep(_ gates: [(input: Double, state: Double)], state: Double, memory: Double) -> [Double] {
    let sums = gates.map { $0.input + $0.state }
    switch cell {
    case .lstm:
      let (i, f, g, o) = (sigmoid(sums[0]), sigmoid(sums[1]), hyperbolicTangent(sums[2]), sigmoid(sums[3]))
      let c = f * memory + i * g
      return [i, f, g, o, c, o * hyperbolicTangent(c)]
    case .gru:
      let (r, z) = (sigmoid(sums[0]), sigmoid(sums[1]))
      let n = hyperbolicTangent(gates[2].input + r * gates[2].state)
      return [r, z, n, gates[2].state, (1 - z) * n + z * state]
    case .tanh: return [hyperbolicTangent(sums[0])]
    case .relu: return [max(sums[0], 0)]
    }
  }

  /// What each element of a state is multiplied by before a step reads it; the mask and the step are operands from `first` on.
  func factors(_ operands: [HostTensor], from first: Int, batch: Int, width: Int) -> [Double] {
    guard let dropout else { return [Double](repeating: 1, count: batch * width) }
    let step = Int32(operands[first + (hasMask ? 1 : 0)].values[0])
    return (0..<(batch * width)).map { dropout.factor($0, step: step) }
  }

  /// The gradients of the gates in float64: dy [B, T, H], or [B, H] of the last state, record, weight, then mask and step.
  func gateGradients(_ operands: [HostTensor], takesLast: Bool) -> HostTensor {
    let (dy, record, weight) = (operands[0], operands[1], operands[2])
    let (batch, steps, width) = (record.shape[0], record.shape[1], weight.shape[1])
    let factors = factors(operands, from: 3, batch: batch, width: width)
    var result = HostTensor(shape: [batch, steps, cell.gradients * width])
    let order = order(steps)
    for example in 0..<batch {
      var carry = [Double](repeating: 0, count: width)
      var memory = carry
      for (position, step) in order.enumerated().reversed() {
        let place = example * steps + step
        for unit in 0..<width where !takesLast || position == steps - 1 {
          carry[unit] += dy.values[takesLast ? example * width + unit : place * width + unit]
        }
        if hasMask && operands[3].values[place] == 0 { continue }
        func recorded(_ slot: Int, _ unit: Int, _ step: Int) -> Double {
          record.values[((example * steps + step) * cell.slots + slot) * width + unit]
        }
        var kept = [Double](repeating: 0, count: width)
        for unit in 0..<width {
          let before = position == 0 ? nil : order[position - 1]
          let slots = (0..<cell.slots).map { recorded($0, unit, step) }
          let oldMemory = cell == .lstm ? before.map { recorded(4, unit, $0) } ?? 0 : 0
          let oldState = before.map { recorded(cell.slots - 1, unit, $0) } ?? 0
          let gradients = unitGradient(
            slots, dh: carry[unit], dc: &memory[unit], oldMemory: oldMemory, oldState: oldState, kept: &kept[unit])
          for (gate, value) in gradients.enumerated() {
            result.values[(place * cell.gradients + gate) * width + unit] = value
          }
        }
        for unit in 0..<width {
          var sum = 0.0
          for gate in 0..<cell.gates {
            let from = cell == .gru && gate == 2 ? 3 : gate
            for other in 0..<width {
              sum +=
                result.values[(place * cell.gradients + from) * width + other]
                * weight.values[(gate * width + other) * width + unit]
            }
          }
          carry[unit] = sum * factors[example * width + unit] + kept[unit]
        }
      }
    }
    return result
  }

  /// The gradients of one unit's gates. `dc` goes from this step's cell state to the step before; `kept` is what of `dh` goes to the
  /// state before without the weights.
  private func unitGradient(
    _ s: [Double], dh: Double, dc: inout Double, oldMemory: Double, oldState: Double, kept: inout Double
  ) -> [Double] {
    switch cell {
    case .lstm:
      let bent = hyperbolicTangent(s[4])
      let total = dc + dh * s[3] * (1 - bent * bent)
      dc = total * s[1]
      return [
        total * s[2] * s[0] * (1 - s[0]), total * oldMemory * s[1] * (1 - s[1]), total * s[0] * (1 - s[2] * s[2]),
        dh * bent * s[3] * (1 - s[3]),
      ]
    case .gru:
      kept = dh * s[1]
      let dn = dh * (1 - s[1]) * (1 - s[2] * s[2])
      return [dn * s[3] * s[0] * (1 - s[0]), dh * (oldState - s[2]) * s[1] * (1 - s[1]), dn, dn * s[0]]
    case .tanh: return [dh * (1 - s[0] * s[0])]
    case .relu: return [s[0] > 0 ? dh : 0]
    }
  }
}
