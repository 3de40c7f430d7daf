import Graphs
import Ops
import Testing

/// Counts of targets, worked out by hand.
@Suite struct CountTests {
  @Test func whatIsIgnoredIsNoCase() {
    // Of the sequences [1, ignored], [ignored, ignored], [2, 1] the first is right, and the second is no case.
    let target = HostTensor(shape: [3, 2], values: [1, 0, 0, 0, 2, 1])
    let best = [1, 2, 2, 2, 2, 2]
    let logits = HostTensor(shape: [3, 2, 3], values: best.flatMap { best in (0..<3).map { $0 == best ? 1.0 : 0 } })
    func counted(_ op: some Op, _ operands: [HostTensor]) -> [Double] { op.reference(operands).values }
    #expect(counted(CorrectCount(ignore: 0, wholeExamples: true), [logits, target]) == [1])
    #expect(counted(CorrectCount(ignore: 0), [logits, target]) == [2])
    #expect(counted(TargetCount(ignore: 0, wholeExamples: true), [target]) == [2])
    #expect(counted(TargetCount(ignore: 0), [target]) == [3])
    #expect(counted(TargetCount(ignore: 7), [target]) == [6])
  }
}
