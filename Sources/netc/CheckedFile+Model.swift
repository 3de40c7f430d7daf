import Semantics
import Source
import Syntax

extension CheckedFile {
  /// The model that a command is about: the one called `name`, or the only one, or the only one that is trained. Where a file trains a net
  /// several times, `A:2` is the net `A` as the second section trains it.
  /// - Parameters:
  ///   - trained: whether only nets that are trained count.
  ///   - forLayers: whether only the net is of interest: then its trainings are alike, if they give its parameters the same values.
  func model(named name: String?, trained: Bool, forLayers: Bool = false) throws(Failure) -> Model {
    let candidates = compilation.models.filter { !trained || $0.training != nil }
    if let name { return try chosen(name, candidates, trained: trained, forLayers: forLayers) }
    guard let first = candidates.first else {
      if trained { throw Failure(.diagnostics, "\(path): has no `train` section") }
      let open = parse(compilation.file).0.declarations.lazy.compactMap { declaration -> String? in
        guard case .net(let net) = declaration, net.kind == .net,
          let parameter = net.parameters.first(where: { $0.defaultValue == nil })
        else { return nil }
        return "\(net.name.text).\(parameter.name.text)"
      }
      throw Failure(
        .diagnostics, "\(path): has no net" + (open.isEmpty ? "" : " whose parameters have values"),
        help: open.first.map { "give it values, such as --set \($0)=4" })
    }
    let others = candidates.filter { $0.training != nil }
    if candidates.count == 1 || forLayers && CheckedFile.areOneNet(candidates) { return first }
    if others.count == 1 || forLayers && CheckedFile.areOneNet(others) { return others[0] }
    let names = CheckedFile.names(candidates).joined(separator: ", ")
    if candidates.allSatisfy({ $0.name == first.name }) {
      throw Failure(
        .usage, "\(path): trains \(first.name) \(candidates.count) times",
        help: "name one of the `train` sections after the file, in their order: \(names)")
    }
    throw Failure(.usage, "\(path): has several nets: \(names)", help: "name one of them after the file")
  }

  private func chosen(
    _ name: String, _ candidates: [Model], trained: Bool, forLayers: Bool
  ) throws(Failure) -> Model {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    let net = String(parts[0])
    let found = candidates.filter { $0.name == net }
    if parts.count == 2, !found.isEmpty {
      guard let number = Int(parts[1]), found.indices.contains(number - 1) else {
        throw Failure(
          .usage, "\(path): there is no `\(name)`",
          help: found.count == 1
            ? "\(net) has one `train` section at most; write \(net)"
            : "\(net) is trained \(found.count) times: \(CheckedFile.names(found).joined(separator: ", "))")
      }
      return found[number - 1]
    }
    if parts.count == 1, let first = found.first {
      if found.count == 1 || forLayers && CheckedFile.areOneNet(found) { return first }
      throw Failure(
        .usage, "\(path): trains \(net) \(found.count) times",
        help: "name one of the `train` sections, in their order: \(CheckedFile.names(found).joined(separator: ", "))")
    }
    if compilation.models.contains(where: { $0.name == name }) {
      throw Failure(.diagnostics, "\(path): \(name) has no `train` section", help: "add one: train \(name) { … }")
    }
    let names = CheckedFile.names(candidates)
    let close = closestSpelling(of: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
    throw Failure(
      .usage, "\(path): there is no net `\(name)` to \(trained ? "train" : "show")\(close)",
      help: names.isEmpty ? nil : "the file has \(names.joined(separator: ", "))")
  }

  /// What each of the models is called on the command line: those of one net are numbered.
  private static func names(_ models: [Model]) -> [String] {
    var counts: [String: Int] = [:]
    for model in models { counts[model.name, default: 0] += 1 }
    var numbers: [String: Int] = [:]
    return models.map { model in
      guard counts[model.name, default: 0] > 1 else { return model.name }
      numbers[model.name, default: 0] += 1
      return "\(model.name):\(numbers[model.name, default: 0])"
    }
  }

  /// The models with their names, for people; of those that differ in their training alone the first.
  static func named(_ models: [Model]) -> [(name: String, model: Model)] {
    var groups: [String: [Int]] = [:]
    for index in models.indices { groups[models[index].name, default: []].append(index) }
    var kept = Set(models.indices)
    for group in groups.values where group.count > 1 && areOneNet(group.map { models[$0] }) {
      kept.subtract(group.dropFirst())
    }
    let names = names(models)
    return models.indices.compactMap { index in
      guard kept.contains(index) else { return nil }
      let isAlone = groups[models[index].name].map { $0.count > 1 && !kept.contains($0[1]) } ?? false
      return (isAlone ? models[index].name : names[index], models[index])
    }
  }

  /// Whether the models differ in their training alone.
  private static func areOneNet(_ models: [Model]) -> Bool {
    guard let first = models.first else { return false }
    return models.allSatisfy { model in
      model.name == first.name && model.parameters.map(\.value) == first.parameters.map(\.value)
    }
  }
}
