import Graphs
import KernelContract

/// The kernel calls of a `LinearCrossEntropy`: for each block of rows the scores in the workspace, then in their place their gradient, and
/// what it gives to the gradients of the operands.
struct BlockedLoss {
  private let op: LinearCrossEntropy
  private let unit: ArithmeticUnit
  private let rows: Int
  private let inputs: Int
  private let classes: Int
  private let labels: ClassLabels
  /// Floats from a row of x to the next, and from one of the scores, and of the gradient of x.
  private let inputRow: Int
  private let scoreRow: Int
  private let slopeRow: Int
  private let target: CallOperand
  private let upstream: CallOperand
  /// Where the gradients begin in the result, in bytes, and where the measures.
  private var weightStart = 0
  private var biasStart = 0
  private var inputStart = 0
  private var measureStarts: [Int] = []

  /// - Parameters:
  ///   - target: the position of the target among the operands, behind which that of the loss's gradient stands.
  ///   - parts: how the result lies.
  init(_ op: LinearCrossEntropy, _ site: LoweringSite, target: Int, parts: [Layout.Part]) {
    self.op = op
    let x = site.operands[0]
    unit = site.unit
    rows = x.rows
    inputs = x.columns
    classes = site.operands[1].type.shape[0]
    labels = site.operands[target].labels(ignored: op.ignore)
    inputRow = x.rowStride
    scoreRow = Layout.rowStride(classes)
    slopeRow = Layout.rowStride(inputs)
    self.target = .operand(target)
    upstream = .operand(op.hasGradient ? target + 1 : target)
    var starts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + 4 * $1.size) }[...]
    if op.ofWeight { weightStart = starts.removeFirst() }
    if op.ofBias { biasStart = starts.removeFirst() }
    if op.ofInput { inputStart = starts.removeFirst() }
    measureStarts = Array(starts.prefix(3))
  }

  private var block: Int { max(1, min(op.blockRows, rows)) }
  private var blocks: Int { (rows + block - 1) / block }

  func lowering() -> Lowering {
    // What the products want of the workspace stands first.
    let products = (calls(behind: 0).productBytes + 63) / 64 * 64
    let result = calls(behind: products)
    return Lowering(
      calls: result.calls, workspaceBytes: result.end,
      note: "\(rows) rows in \(blocks) \(blocks == 1 ? "block" : "blocks") of \(block)")
  }

  /// - Parameter products: the bytes of workspace that products have for themselves.
  private func calls(behind products: Int) -> (calls: [KernelCall], productBytes: Int, end: Int) {
    var end = products
    func take(floats: Int) -> CallOperand {
      defer { end += 4 * Layout.rounded(floats) }
      return .workspace(byteOffset: end)
    }
    let scores = take(floats: block * scoreRow)
    let measures = (0..<3).map { _ in take(floats: rows) }
    let count = take(floats: 1)
    let biasFloats = Layout.rounded(classes)
    let biasStart = end
    if op.ofBias { end += 4 * blocks * biasFloats }

    var calls: [KernelCall] = []
    var productBytes = 0
    func add(_ sequence: KernelSequence) {
      productBytes = max(productBytes, sequence.workspaceBytes)
      calls += sequence.calls
    }
    if op.hasGradient {
      let total = CountedTotal(rows: rows, labels: labels, isMean: false, isCountOnly: true)
      calls.append(KernelCall(total, operands: [count, target, count]))
    }
    for number in 0..<blocks {
      let first = number * block
      let height = min(block, rows - first)
      let x = CallOperand.operandPart(0, byteOffset: 4 * first * inputRow)
      let shape = LinearShape(
        rows: height, inputs: inputs, outputs: classes, inputRow: inputRow, outputRow: scoreRow,
        unit: unit)
      add(
        shape.forwardCalls(
          Epilogue(bias: op.hasBias), x: x, weights: .operand(1), result: scores,
          epilogueOperands: op.hasBias ? [.operand(2)] : []))
      calls.append(
        KernelCall(
          SoftmaxCrossEntropyBlock(
            first: first, rows: height, classes: classes, rowStride: scoreRow, labels: labels,
            smoothing: op.smoothing, hasGradient: op.hasGradient),
          operands: [scores, target, upstream, count] + measures))
      if op.ofInput {
        var slope = shape
        slope.inputRow = slopeRow
        add(
          slope.dataGradientCalls(
            Epilogue(), dy: scores, weights: .operand(1),
            result: .resultPart(byteOffset: inputStart + 4 * first * slopeRow), epilogueOperands: []))
      }
      if op.ofWeight {
        add(
          shape.weightGradientCalls(
            .none, x: x, dy: scores, destination: [.resultPart(byteOffset: weightStart)], adds: number > 0))
      }
      if op.ofBias {
        let sums = CallOperand.workspace(byteOffset: biasStart + 4 * number * biasFloats)
        add(shape.biasGradientCalls(.none, dy: scores, destination: [sums]))
      }
    }
    if op.ofBias {
      calls.append(
        KernelCall(
          OptimizerUpdateParameters(count: biasFloats, splits: blocks, update: .none),
          operands: [.workspace(byteOffset: biasStart), .resultPart(byteOffset: self.biasStart)]))
    }
    for (index, start) in measureStarts.enumerated() {
      let total = CountedTotal(
        rows: rows, labels: labels, isMean: index != LinearCrossEntropy.Measure.correct.rawValue, isCountOnly: false)
      calls.append(KernelCall(total, operands: [measures[index], target, .resultPart(byteOffset: start)]))
    }
    return (calls, productBytes, end)
  }
}
