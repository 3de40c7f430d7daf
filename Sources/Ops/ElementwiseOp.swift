import Graphs
import KernelContract

/// An op that computes each element of its result from the elements at the same place in its operands, which all have the
/// result's shape. It runs over memory as it lies, padding included, in whatever layout its operands share.
package protocol ElementwiseOp: Executable, SequentialOp {
  var operandCount: Int { get }
  /// The ops that the samples try.
  static var sampleOps: [Self] { get }
  /// How the samples fill each operand.
  static var sampleContents: [Sample.Content] { get }

  /// The function, of one number of each operand.
  func value(_ x: [Double]) -> Double
  /// The same as kernel instructions: registers of the operands, of the result, and of one temporary.
  func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction]
  /// The op as a chain of ops.
  var chain: ElementwiseChain { get }
}

extension ElementwiseOp {
  package static var sampleContents: [Sample.Content] {
    [Sample.Content](repeating: .uniform(-1, 1), count: sampleOps[0].operandCount)
  }

  package static var samples: [Sample] {
    let shapes = [[2, 19, 3, 5], [2, 3, 4, 5], [3, 37], [5, 3, 16], [21], []]
    return sampleOps.flatMap { op in
      shapes.map { shape in Sample(op, sampleContents.map { (TensorType(.float32, shape), $0) }) }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(operandCount)
    try operands.expectFloat(0)
    for operand in operands.indices.dropFirst() {
      try operands.expectFloat(operand)
      if operands[operand].shape != operands[0].shape { throw .shapesDiffer(operands[0], operands[operand]) }
    }
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = HostTensor(shape: operands[0].shape)
    for index in result.values.indices { result.values[index] = value(operands.map { $0.values[index] }) }
    return result
  }

  package var chain: ElementwiseChain {
    ElementwiseChain([ElementwiseChain.Step(self, (0..<operandCount).map { .operand($0) })], operandCount: operandCount)
  }

  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    guard let consumer = consumer as? any ElementwiseOp, consumer.operandCount == types.consumerOperands.count,
      types.producerResult == types.consumerResult,
      let chain = chain.followed(by: consumer.chain, at: position)
    else { return nil }
    return Absorbed(op: chain, appendedOperands: types.consumerOperands.indices.filter { $0 != position })
  }

  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands.lazy.compactMap(\.layout).first ?? .computed(result)
    return LayoutDecision(operands: operands.map { _ in layout }, result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    guard let program = chain.program(count: site.result.size) else {
      throw .noKernel(op: name, reason: "the chain is too long")
    }
    let operands = site.operands.indices.map { CallOperand.operand($0) }
    return Lowering(
      calls: [KernelCall(program, operands: operands + [.result])],
      mayOverwrite: site.operands.indices.filter { program.mayShareMemory(output: 0, input: $0) })
  }
}
