/// `inverse_sqrt`: the schedule of the Transformer, after a `warmup`.
package enum InverseSqrtSchedule: ScheduleWord {
  package static let name = "inverse_sqrt"
  package static let documentation = "The rate falls with the square root of the step."
  package static let schema: [ArgumentSchema] = []

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    if rest != nil { throw .misplaced("nothing can follow `inverse_sqrt`: it lasts until the end of the run") }
    return .inverseSquareRoot
  }
}
