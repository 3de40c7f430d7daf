import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Epilogue {
  /// The epilogue on `result`, whose columns are those of `axis`, with the operands from `first` on, in float64.
  func reference(_ result: HostTensor, axis: Int, operands: [HostTensor], from first: Int) -> HostTensor {
    var result = result
    var next = first
    if bias {
      let inner = result.around(axis).inner
      for index in result.values.indices {
        result.values[index] += operands[next].values[index / inner % result.shape[axis]]
      }
      next += 1
    }
    if residual {
      result = result.zip(operands[next], +)
      next += 1
    }
    switch activation {
    case .none: break
    case .relu: result = result.map { max($0, 0) }
    case .sigmoid: result = result.map { 1 / (1 + exp(-$0)) }
    case .tanh: result = result.map { tanh($0) }
    }
    switch mask {
    case .none: return result
    case .values: return result.zip(operands[next]) { $1 > 0 ? $0 : 0 }
    case .normalizedValues:
      let y = InputNormalization.linear.reference(operands[next], axis: axis, operands: operands, from: next + 1)
      return result.zip(y) { $1 > 0 ? $0 : 0 }
    }
  }

  /// The layouts of its operands, of a result that lies as `result`.
  func layouts(_ operands: [PlacedType], from first: Int, result: Layout) -> [Layout] {
    // Vectors of columns: the bias, and the last two.
    let images = first + (bias ? 1 : 0)..<first + operandCount - max(0, mask.operandCount - 1)
    return (first..<first + operandCount).map { images.contains($0) ? result : .computed(operands[$0].type) }
  }

  /// The epilogue with `consumer` taken in, if it goes on from where this one ends. `columns` is the axis of a bias.
  func absorbing(_ consumer: any Op, at position: Int, columns: Int) -> (epilogue: Epilogue, appendedOperands: [Int])? {
    guard activation == .none, mask == .none else { return nil }
    var epilogue = self
    switch consumer {
    case let consumer as AddBias where position == 0 && consumer.axis == columns && !bias && !residual:
      epilogue.bias = true
      return (epilogue, [1])
    case is Add where !residual:
      epilogue.residual = true
      return (epilogue, [1 - position])
    case is ReLU: epilogue.activation = .relu
    case is Sigmoid: epilogue.activation = .sigmoid
    case is Tanh: epilogue.activation = .tanh
    case is ReLUGradient where position == 0:
      epilogue.mask = .values
      return (epilogue, [1])
    default: return nil
    }
    return (epilogue, [])
  }
}
