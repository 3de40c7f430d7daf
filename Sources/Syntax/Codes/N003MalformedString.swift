import Source

extension DiagnosticCode {
  package static let malformedString = DiagnosticCode(
    "N003", "a string that is not written as one",
    what: #"""
      Strings stand in straight double quotes on one line. Inside, `\"` is a quote, `\\` a backslash, `\n` a new \#
      line and `\t` a tab.
      """#,
    why: "One way of writing them keeps files alike. In a path, `/` separates folders on every system.",
    wrong: Example(
      """
      net Example {
        input x: f32[4]
        assert 2 * 2 == 4, 'sizes agree'
        output y = x -> linear(3)
      }
      """),
    right: Example(
      """
      net Example {
        input x: f32[4]
        assert 2 * 2 == 4, "sizes agree"
        output y = x -> linear(3)
      }
      """))
}
