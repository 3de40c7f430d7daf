import Source

extension DiagnosticCode {
  package static let sharedLayer = DiagnosticCode(
    "N132", "a shared layer used with another shape",
    what: """
      A layer declared by `layer` has one set of weights, made at its first use. A further use would need weights \
      of another shape.
      """,
    why: """
      Sharing weights means the same shape everywhere. Without `layer`, every stage makes weights of its own.
      """,
    wrong: Example(
      """
      net Example {
        input a: f32[4]
        input b: f32[8]
        layer shared: linear(3)
        u = a -> shared
        v = b -> shared
        output y = u + v
      }
      """),
    right: Example(
      """
      net Example {
        input a: f32[4]
        input b: f32[4]
        layer shared: linear(3)
        u = a -> shared
        v = b -> shared
        output y = u + v
      }
      """))
}
