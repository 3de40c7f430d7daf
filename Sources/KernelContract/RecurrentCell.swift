/// What a recurrent layer computes in one step, with PyTorch's gates in PyTorch's order.
package enum RecurrentCell: String, Sendable, Hashable, BitwiseCopyable, CaseIterable {
  /// Gates i, f, g, o.
  case lstm
  /// Gates r, z, n.
  case gru
  /// One gate, through tanh or through `max(x, 0)`.
  case tanh, relu

  /// Gates that weights and inputs have.
  package var gates: Int {
    switch self {
    case .lstm: 4
    case .gru: 3
    case .tanh, .relu: 1
    }
  }

  /// What is recorded of each step, each as wide as the state. LSTM: i, f, g, o, the cell's state c, the state h. GRU: r, z, n, the
  /// recurrent part of n before r, the state h. Else the state.
  package var slots: Int {
    switch self {
    case .lstm: 6
    case .gru: 5
    case .tanh, .relu: 1
    }
  }

  /// The gradients that a step's backward pass gives: those of the gates before their functions, and for a GRU that of n's recurrent
  /// part as a fourth.
  package var gradients: Int { self == .gru ? 4 : gates }
}
