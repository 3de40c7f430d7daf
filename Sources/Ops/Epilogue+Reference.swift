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
    return mask ? result.zip(operands[next]) { $1 > 0 ? $0 : 0 } : result
  }

  /// The epilogue with `consumer` taken in, if it goes on from where this one ends. `columns` is the axis of a bias.
  func absorbing(_ consumer: any Op, at position: Int, columns: Int) -> (epilogue: Epilogue, appendedOperands: [Int])? {
    guard activation == .none, !mask else { return nil }
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
      epilogue.mask = true
      return (epilogue, [1])
    default: return nil
    }
    return (epilogue, [])
  }
}
