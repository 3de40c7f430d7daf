/// `linear(to)`: a straight line over the whole run.
package enum LinearSchedule: ScheduleWord {
  package static let name = "linear"
  package static let documentation = "A straight line to the rate `to` at the end of the run."
  package static let schema: [ArgumentSchema] = [.optional("to", .number(.notNegative), "0")]

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    if rest != nil { throw .misplaced("nothing can follow `linear`: it lasts until the end of the run") }
    return .linear(to: arguments.number("to", else: 0))
  }
}
