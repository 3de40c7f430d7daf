/// `constant`: the same rate at every step.
package enum ConstantSchedule: ScheduleWord {
  package static let name = "constant"
  package static let documentation = "The optimizer's rate at every step."
  package static let schema: [ArgumentSchema] = []

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    if rest != nil { throw .misplaced("nothing can follow `constant`: it lasts until the end of the run") }
    return .constant
  }
}
