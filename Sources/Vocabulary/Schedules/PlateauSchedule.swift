/// `plateau(on, factor, patience)`: `torch.optim.lr_scheduler.ReduceLROnPlateau`.
package enum PlateauSchedule: ScheduleWord {
  package static let name = "plateau"
  package static let documentation =
    "The rate times `factor` when the metric `on` has not improved for more than `patience`."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("on", .name), ArgumentSchema("factor", .number(.fraction)), ArgumentSchema("patience", .span),
  ]

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    if rest != nil { throw .misplaced("nothing can follow `plateau`: it lasts until the end of the run") }
    return .plateau(
      PlateauRule(
        on: arguments.text("on") ?? "val.loss", factor: arguments.number("factor", else: 0.1),
        patience: arguments.span("patience") ?? .epochs(10)))
  }
}
