import Graphs

extension GraphBuilder {
  /// Adds an op of a gradient rule.
  mutating func emit(_ op: any Op, _ operands: Value...) throws(GradientError) -> Value {
    do { return try add(op, operands) } catch { throw .shape(error) }
  }
}

/// An op that says that nothing is differentiated through it: the ops of gradients, updates and metrics.
package protocol NotDifferentiable: Op {}

extension NotDifferentiable {
  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    throw .notDifferentiable(op: name)
  }
}
