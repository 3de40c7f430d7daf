/// `warmup(5 epochs) -> …`
package enum WarmupSchedule: ScheduleWord {
  package static let name = "warmup"
  package static let documentation =
    "A straight line up to the optimizer's rate, then the schedule that follows, or that rate."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("span", .span)]

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    .warmup(arguments.span("span") ?? .steps(1), then: rest ?? .constant)
  }
}
