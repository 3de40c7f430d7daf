import Source

extension DiagnosticCode {
  package static let lossOperands = DiagnosticCode(
    "N208", "a loss that does not fit its tensors",
    what: """
      `cross_entropy` compares scores with an `index(n)` target, `binary_cross_entropy` a logit with a `bool` \
      target, `mse` and `mae` two numbers of equal shape.
      """,
    why: "A loss between tensors that do not belong together would be a number without meaning.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        output price = x -> linear(1)
      }

      train Example {
        target real: f32
        data      = csv("houses.csv", x=[a, b, c, d], real=price)
        loss      = mse(price, real)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        output price = x -> linear(1) -> reshape([])
      }

      train Example {
        target real: f32
        data      = csv("houses.csv", x=[a, b, c, d], real=price)
        loss      = mse(price, real)
        optimizer = sgd(lr=0.1)
        epochs    = 10
      }
      """))
}
