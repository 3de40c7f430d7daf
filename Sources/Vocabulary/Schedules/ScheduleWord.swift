/// How the learning rate changes; schedules are chained with `->`.
package protocol ScheduleWord: Word {
  /// The schedule; `rest` is what follows it in the chain.
  static func schedule(
    _ arguments: Arguments, then rest: LearningRateSchedule?
  ) throws(WordError) -> LearningRateSchedule
}
