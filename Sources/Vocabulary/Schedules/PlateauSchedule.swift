/// `plateau(on, factor, patience)`: reduces the rate when a metric no longer improves.
package enum PlateauSchedule: ScheduleWord {
  package static let name = "plateau"
  package static let documentation = "The rate times `factor` when the metric `on` has not improved for `patience`."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("on", .name), ArgumentSchema("factor", .number(.fraction)), ArgumentSchema("patience", .span),
  ]

  package static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule {
    throw .unsupported("`plateau`")
  }
}
