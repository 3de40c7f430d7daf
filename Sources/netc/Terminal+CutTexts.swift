import Datasets

extension Terminal {
  /// Says on standard error what was cut off texts that are longer than the net.
  static func warn(ofCutTextsIn parts: [Dataset]) {
    for cut in parts.flatMap(\.cut) { note("warning: \(cut.message)\n") }
  }
}
