import Graphs
import KernelContract

/// The gradient of `Clip`: of dy and x, `dy` where `low <= x <= high`, else 0, as `torch.clamp` has it.
package struct ClipGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "clip_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [ClipGradient(low: -0.5, high: 0.25), ClipGradient(low: -.infinity, high: 0.5)]
  package var low: Double
  package var high: Double

  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  package func value(_ x: [Double]) -> Double { x[1] >= low && x[1] <= high ? x[0] : 0 }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [
      // What is within stays what it is.
      ElementwiseInstruction(.clip, temporary, sources[1], immediate: Float(low), secondImmediate: Float(high)),
      ElementwiseInstruction(.equal, temporary, temporary, sources[1]),
      ElementwiseInstruction(.reluGradient, result, sources[0], temporary),
    ]
  }
}
