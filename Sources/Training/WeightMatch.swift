import Datasets
import Execution

/// How the tensors of a weights file, or the weights of a checkpoint, fit the variables of a net.
package struct WeightMatch: Sendable {
  /// The variables that the file has, with the right shape.
  package private(set) var matched: [(variable: PlanTensor, entry: SafetensorsHeader.Entry)] = []
  package private(set) var shapeDiffers: [(name: String, expected: [Int], found: [Int])] = []
  /// Variables that the file lacks.
  package private(set) var missing: [String] = []
  /// Tensors of the file that the net has no variable for. PyTorch's `num_batches_tracked` are not counted.
  package private(set) var unexpected: [String] = []

  /// - Parameters:
  ///   - isNew: names that are left alone: the variables keep their values, the file may have them or not.
  ///   - isUnused: names of the file that are taken as if it did not have them.
  package init(
    _ variables: [PlanTensor], _ header: SafetensorsHeader, isNew: (String) -> Bool = { _ in false },
    isUnused: (String) -> Bool = { _ in false }
  ) {
    let weights = Checkpoint.weightNames(of: header)
    let taken = header.entries.filter { weights.contains($0.name) && !isUnused($0.name) }
    let entries = Dictionary(taken.map { ($0.name, $0) }) { first, _ in first }
    for variable in variables where !isNew(variable.name) {
      guard let entry = entries[variable.name] else {
        missing.append(variable.name)
        continue
      }
      if entry.shape == variable.shape {
        matched.append((variable, entry))
      } else {
        shapeDiffers.append((variable.name, variable.shape, entry.shape))
      }
    }
    let known = Set(variables.map(\.name))
    unexpected = taken.map(\.name).filter { name in
      !known.contains(name) && !isNew(name) && !name.hasSuffix(".num_batches_tracked")
    }
  }

  package var isComplete: Bool { shapeDiffers.isEmpty && missing.isEmpty && unexpected.isEmpty }

  /// What does not fit, grouped; empty when everything fits.
  package var report: [String] {
    var lines: [String] = []
    if !shapeDiffers.isEmpty {
      lines.append("shape differs: \(shapeDiffers.count)")
      for item in shapeDiffers.prefix(8) {
        lines.append("  \(quoted(item.name)): the net has \(item.expected), the file \(item.found)")
      }
      if shapeDiffers.count > 8 { lines.append("  and \(shapeDiffers.count - 8) more") }
    }
    lines += groups("missing in the file", missing)
    lines += groups("not in the net", unexpected)
    if let (ours, theirs) = renamedPrefix {
      lines.append(
        ours.isEmpty
          ? "the names would fit without the file's prefix \(quoted(theirs))"
          : theirs.isEmpty
            ? "the names would fit with the prefix \(quoted(ours))"
            : "the names would fit with \(quoted(ours)) in place of the file's \(quoted(theirs))")
    }
    return lines
  }

  /// The arguments of `pretrained` with which the file fits, where few layers do not: a net with a new head. Empty otherwise.
  package var remedy: String {
    guard renamedPrefix == nil, !matched.isEmpty else { return "" }
    var parts: [String] = []
    for (argument, names) in [("new", shapeDiffers.map(\.name) + missing), ("unused", unexpected)] where !names.isEmpty
    {
      var layers: [String] = []
      for name in names {
        let layer = name.split(separator: ".").dropLast().joined(separator: ".")
        // A label that starts with a digit is no name of the language.
        let isName = !layer.split(separator: ".").contains { $0.first?.isNumber == true }
        if !layer.isEmpty, !layers.contains(layer) { layers.append(isName ? layer : "\"\(layer)\"") }
      }
      guard (1...3).contains(layers.count) else { return "" }
      parts.append("\(argument)=[\(layers.joined(separator: ", "))]")
    }
    return parts.joined(separator: ", ")
  }

  /// The names by their first label, each group with its number and its first name.
  private func groups(_ title: String, _ names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    var order: [String] = []
    var groups: [String: [String]] = [:]
    for name in names {
      let prefix = String(name.prefix { $0 != "." })
      if groups[prefix] == nil { order.append(prefix) }
      groups[prefix, default: []].append(name)
    }
    var lines = ["\(title): \(names.count)"]
    for prefix in order.prefix(8) {
      let members = groups[prefix] ?? []
      lines.append("  \(quoted(members[0]))" + (members.count > 1 ? " and \(members.count - 1) more of its kind" : ""))
    }
    if order.count > 8 { lines.append("  and \(order.count - 8) more groups") }
    return lines
  }

  /// A prefix of all missing names, and what stands in its place in all unexpected ones, where that explains everything.
  private var renamedPrefix: (ours: String, theirs: String)? {
    guard let first = missing.first, missing.count == unexpected.count else { return nil }
    let others = Set(unexpected)
    for candidate in unexpected {
      let common = commonSuffix(first, candidate)
      guard !common.isEmpty else { continue }
      let ours = String(first.dropLast(common.count))
      let theirs = String(candidate.dropLast(common.count))
      if missing.allSatisfy({ $0.hasPrefix(ours) && others.contains(theirs + $0.dropFirst(ours.count)) }) {
        return (ours, theirs)
      }
    }
    return nil
  }

  private func commonSuffix(_ left: String, _ right: String) -> String {
    String(zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.map(\.0).reversed())
  }

  private func quoted(_ name: String) -> String { DataError.quoted(name) }
}
