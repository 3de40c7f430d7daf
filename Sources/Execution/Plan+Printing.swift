extension Plan: CustomStringConvertible {
  /// The plan as a table for people: a row per step in the order of execution, then what the memory is for.
  package var description: String {
    var rows = [["step", "phase", "line", "layer", "op", "kernel", "work", "writes", "note"]]
    let numbered = preparation.map { ("once", $0) } + steps.enumerated().map { (String($0 + 1), $1) }
    for (number, step) in numbered {
      let parameters = step.parameters
      rows.append([
        number, step.phase, step.line > 0 ? String(step.line) : "", step.path, step.op,
        type(of: parameters).name, work(parameters.flops), step.writes, step.note,
      ])
    }
    let right: Set<Int> = [0, 2, 6]
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return right.contains(column) ? padding + cell : cell + padding
      }.joined(separator: "  ").trimmedRight
    }
    lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "), at: 1)
    lines.append("")
    lines.append("\(steps.count) steps, \(work(flops)) floating-point operations a run")
    let parameters = variables.filter { $0.role == "parameter" }
    let states = variables.filter { $0.role == "optimizerState" }
    let prepared = preparedBytes > 0 ? ", \(size(preparedBytes)) made of them once" : ""
    lines.append(
      "memory: \(size(persistentBytes)) kept (\(parameters.count) parameters, \(states.count) optimizer states\(prepared)), "
        + "\(size(transientBytes)) for values within a run, \(size(scratchBytes)) scratch for each thread")
    lines += remarks
    return lines.joined(separator: "\n") + "\n"
  }

  private func work(_ flops: Double) -> String {
    flops == 0 ? "" : scaled(flops, ["", " k", " M", " G", " T"])
  }

  private func size(_ bytes: Int) -> String { scaled(Double(bytes), [" B", " kB", " MB", " GB"]) }

  /// Three significant figures with the largest unit, of powers of 1000, that fits.
  private func scaled(_ number: Double, _ units: [String]) -> String {
    var (number, unit) = (number, 0)
    while number >= 1000 && unit < units.count - 1 { (number, unit) = (number / 1000, unit + 1) }
    let digits = number >= 100 || unit == 0 ? 0 : number >= 10 ? 1 : 2
    let factor = digits == 0 ? 1.0 : digits == 1 ? 10 : 100
    let rounded = Int((number * factor).rounded())
    let whole = rounded / Int(factor)
    guard digits > 0 else { return "\(whole)\(units[unit])" }
    let fraction = String(rounded % Int(factor))
    return "\(whole).\(String(repeating: "0", count: digits - fraction.count))\(fraction)\(units[unit])"
  }
}

extension String {
  fileprivate var trimmedRight: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
