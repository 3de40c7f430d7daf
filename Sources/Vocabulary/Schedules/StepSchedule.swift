/// `step(every, gamma)`: `torch.optim.lr_scheduler.StepLR`.
package enum StepSchedule: ScheduleWord {
  package static let name = "step"
  package static let documentation = "The rate times `gamma` after every `every`."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("every", .span), ArgumentSchema("gamma", .number(.positive)),
  ]

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    if rest != nil { throw .misplaced("nothing can follow `step`: it lasts until the end of the run") }
    return .step(every: arguments.span("every") ?? .epochs(1), gamma: arguments.number("gamma", else: 1))
  }
}
