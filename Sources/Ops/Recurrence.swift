import Graphs
import KernelContract

/// All steps of a recurrent layer: gates [B, T, G·H] (the input's part, its bias included), weight [G·H, H], bias [G·H], then the
/// mask [B, T] and the step (scalar index) where there are such → what `RecurrentCell.slots` says, [B, T, S·H].
///
/// The first state is zero. Where the mask is false the state stays. With a dropout, the state that a step reads goes through one
/// mask [B, H] that all steps share (Y. Gal and Z. Ghahramani, 2016). `RecurrenceOutput` takes the states out, and is what is
/// differentiated.
package struct Recurrence: Op {
  package static let name = "recurrence"
  package var form: RecurrenceForm

  package init(_ form: RecurrenceForm) { self.form = form }

  package static var samples: [Sample] {
    RecurrenceForm.samples.map { form, batch, steps, width in
      Sample(Self(form), form.sampleOperands(batch, steps, width), checksGradient: false)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try form.stateType(operands)
  }

  /// None: see `RecurrenceOutput`.
  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [Value?](repeating: nil, count: adjoint.operands.count)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor { form.states(operands) }
}

/// Which recurrent layer it is.
package struct RecurrenceForm: Hashable, Sendable {
  package var cell: RecurrentCell
  /// Whether it goes from the last step to the first.
  package var isReversed: Bool
  /// Whether a mask says which steps count.
  package var hasMask: Bool
  /// What the states that steps read go through.
  package var dropout: RecurrentDropout?

  package init(
    _ cell: RecurrentCell, isReversed: Bool = false, hasMask: Bool = false, dropout: RecurrentDropout? = nil
  ) {
    self.cell = cell
    self.isReversed = isReversed
    self.hasMask = hasMask
    self.dropout = dropout
  }

  static var samples: [(form: RecurrenceForm, batch: Int, steps: Int, width: Int)] {
    let dropout = RecurrentDropout(probability: 0.3, seed: 5, identifier: 1)
    return RecurrentCell.allCases.flatMap { cell in
      [
        (RecurrenceForm(cell), 3, 4, 5), (RecurrenceForm(cell, isReversed: true, hasMask: true), 2, 5, 16),
        (RecurrenceForm(cell, hasMask: true, dropout: dropout), 5, 3, 7), (RecurrenceForm(cell), 33, 2, 20),
      ]
    }
  }

  /// The operands of `Recurrence`.
  func sampleOperands(_ batch: Int, _ steps: Int, _ width: Int) -> [(type: TensorType, content: Sample.Content)] {
    var operands: [(type: TensorType, content: Sample.Content)] = [
      (TensorType(.float32, [batch, steps, cell.gates * width]), .uniform(-1, 1)),
      (TensorType(.float32, [cell.gates * width, width]), .uniform(-0.5, 0.5)),
      (TensorType(.float32, [cell.gates * width]), .uniform(-0.5, 0.5)),
    ]
    if hasMask { operands.append((TensorType(.bool, [batch, steps]), .flags)) }
    if dropout != nil { operands.append((TensorType(.int32, []), .integersFrom(1, 9))) }
    return operands
  }

  var operandCount: Int { 3 + (hasMask ? 1 : 0) + (dropout == nil ? 0 : 1) }

  /// Checks the operands of `Recurrence`; gives the type of the record.
  func stateType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(operandCount)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 3...3)
    try operands.expectFloat(1)
    try operands.expect(1, rank: 2...2)
    let (gates, width) = (operands[0].shape, operands[1].shape[1])
    let (extent, overflow) = width.multipliedReportingOverflow(by: cell.gates)
    if overflow { throw .tooLarge(shape: operands[1].shape) }
    try operands.expectExtents(1, [extent, width])
    try operands.expectExtents(0, [gates[0], gates[1], extent])
    try operands.expect(2, shape: [extent])
    try expectFurther(operands, from: 3, batch: gates[0], steps: gates[1])
    return TensorType(.float32, [gates[0], gates[1], width * cell.slots])
  }

  /// Checks the mask and the step, which stand from `first` on.
  func expectFurther(
    _ operands: [TensorType], from first: Int, batch: Int, steps: Int
  ) throws(ShapeError) {
    if hasMask {
      try operands.expect(first, element: .bool)
      try operands.expectExtents(first, [batch, steps])
    }
    guard dropout != nil else { return }
    let step = first + (hasMask ? 1 : 0)
    try operands.expect(step, element: .int32)
    try operands.expectExtents(step, [])
  }

  /// The steps in the order in which they are taken.
  func order(_ steps: Int) -> [Int] { isReversed ? Array((0..<steps).reversed()) : Array(0..<steps) }
}

/// The dropout of a recurrent layer's states.
package struct RecurrentDropout: Hashable, Sendable {
  package var probability: Double
  package var seed: UInt64
  /// Tells the dropouts of one net apart.
  package var identifier: Int

  package init(probability: Double, seed: UInt64, identifier: Int) {
    self.probability = probability
    self.seed = seed
    self.identifier = identifier
  }

  var key: DropoutKey { DropoutKey(probability: probability, seed: seed, identifier: identifier) }

  /// What the state's element at `position` of [B, H] is multiplied by.
  func factor(_ position: Int, step: Int32) -> Double {
    key.keeps(position: position, step: step) ? 1 / (1 - probability) : 0
  }
}
