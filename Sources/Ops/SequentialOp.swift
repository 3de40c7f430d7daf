import Graphs

/// An op that can compute a sequence place after place. The places stand on axis 1.
package protocol SequentialOp: Op {
  /// Adds what computes one place of the result: [rows, 1, …]. Nil where a place needs more than its like in the operands, what lies
  /// still, and what came before it.
  func addStep(_ operands: [StepBuilder.Operand], in builder: inout StepBuilder) throws(ShapeError) -> Value?
}

extension ElementwiseOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    var values: [Value] = []
    for operand in operands {
      switch operand {
      case .sequence: return nil
      case .place(let value): values.append(value)
      case .whole(let value):
        guard let one = try builder.onePlace(of: value) else { return nil }
        values.append(one)
      }
    }
    return try builder.step.add(self, values)
  }
}

extension Linear: SequentialOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    try builder.addRowwise(self, operands)
  }
}

extension AddBias: SequentialOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    axis < 2 ? nil : try builder.addRowwise(self, operands)
  }
}

extension RowNormalize: SequentialOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    try builder.addRowwise(self, operands)
  }
}

extension Softmax: SequentialOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    axis < 2 ? nil : try builder.addRowwise(self, operands)
  }
}

extension Embedding: SequentialOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    guard case .whole(let table) = operands[0], let known = try builder.read(table) else { return nil }
    switch operands[1] {
    case .sequence: return try builder.step.add(self, [known, builder.ownPlace()])
    case .place(let ids): return try builder.step.add(self, [known, ids])
    case .whole: return nil
    }
  }
}

extension ShiftRight: SequentialOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    guard case .sequence = operands[0] else { return nil }
    return builder.placeBefore(start: start)
  }
}

extension AddSinusoid: SequentialOp {
  /// The positions are those that a sequence of zeros gets.
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    guard case .place(let value) = operands[0] else { return nil }
    let width = builder.step.type(of: value).shape[2]
    let zeros = try builder.once.constant(0, type: TensorType(.float32, [1, builder.places, width]))
    let positions = try builder.once.add(self, [zeros])
    guard let position = try builder.onePlace(of: positions) else { return nil }
    return try builder.step.add(Add(), [value, position])
  }
}

extension Attention: SequentialOp {
  package func addStep(
    _ operands: [StepBuilder.Operand], in builder: inout StepBuilder
  ) throws(ShapeError) -> Value? {
    guard case .place(let query) = operands[0], form.dropout == nil else { return nil }
    switch (operands[1], operands[2]) {
    case (.place(let key), .place(let value)):
      // A later place may not be looked at, and what was hidden once stays hidden: no mask is known here that grows.
      guard form.isCausal, form.mask == .none else { return nil }
      var further: [Value] = []
      if form.hasBias {
        guard case .whole(let bias) = operands[3], let known = try builder.read(bias) else { return nil }
        further = [known]
      }
      let keys = try builder.remember(key)
      let values = try builder.remember(value)
      let op = AttentionStep(heads: form.heads, scale: form.scale, hasBias: form.hasBias)
      return try builder.step.add(
        op, [query, keys, values, builder.placeNumber, builder.origins] + further)
    case (.whole(let key), .whole(let value)):
      guard !form.isCausal, !form.hasBias, form.mask != .pairs else { return nil }
      var whole = [key, value]
      if form.mask == .keys {
        guard case .whole(let mask) = operands[3] else { return nil }
        whole.append(mask)
      }
      var known: [Value] = []
      for value in whole {
        guard let value = try builder.read(value) else { return nil }
        known.append(value)
      }
      // All rows look at the same example: they are its queries.
      let width = builder.step.type(of: query).shape[2]
      let queries = try builder.step.add(Reshape(shape: [1, builder.rows, width]), [query])
      let mixed = try builder.step.add(self, [queries] + known)
      return try builder.step.add(Reshape(shape: [builder.rows, 1, width]), [mixed])
    default: return nil
    }
  }
}
