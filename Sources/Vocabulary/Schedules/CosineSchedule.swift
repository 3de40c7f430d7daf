/// `cosine(to)`: `torch.optim.lr_scheduler.CosineAnnealingLR` over the whole run.
package enum CosineSchedule: ScheduleWord {
  package static let name = "cosine"
  package static let documentation = "Half a cosine down to the rate `to` at the end of the run."
  package static let schema: [ArgumentSchema] = [.optional("to", .number(.notNegative), "0")]

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    if rest != nil { throw .misplaced("nothing can follow `cosine`: it lasts until the end of the run") }
    return .cosine(to: arguments.number("to", else: 0))
  }
}
