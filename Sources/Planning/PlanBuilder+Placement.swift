import Execution
import Graphs
import KernelContract
import Ops

extension PlanBuilder {
  /// Decides the places and writes the plan.
  mutating func finish(placement: inout VariablePlacement) -> Plan {
    keepOutputs()
    var plan = Plan()
    var locations = [Location?](repeating: nil, count: buffers.count)
    place(variables: &locations, placement: &placement)
    if keepsExamples { place(examples: &locations, placement: &placement) }
    plan.preparedBytes = place(prepared: &locations, placement: &placement)
    plan.persistentBytes = placement.bytes
    plan.transientBytes = place(transients: &locations)
    for (index, buffer) in buffers.enumerated() {
      guard case .constant(let value) = buffer.kind, let location = locations[index] else { continue }
      plan.constants.append(PlanConstant(location: location, count: buffer.size, value: Float(value)))
    }
    for unit in units {
      for call in unit.preparation {
        plan.preparation.append(step(call, unit, locations))
        plan.scratchBytes = max(plan.scratchBytes, call.parameters.scratchBytes)
      }
      let traffic = UnitTraffic(unit, buffers)
      for call in unit.calls {
        plan.steps.append(step(call, unit, locations))
        plan.steps[plan.steps.count - 1].cost = call.parameters.cost(operandBytes: traffic.bytes(of: call))
        plan.scratchBytes = max(plan.scratchBytes, call.parameters.scratchBytes)
      }
    }
    for (id, node) in graph.nodes.enumerated() {
      switch node.kind {
      case .feed(let feed): plan.feeds.append(tensor(id, feed.name, feed.role.rawValue, locations))
      case .variable(let variable): plan.variables.append(tensor(id, variable.name, variable.role.rawValue, locations))
      default: break
      }
    }
    for output in graph.outputs {
      plan.outputs.append(tensor(output.value.id, output.name, "output", locations))
    }
    return plan
  }

  private mutating func keepOutputs() {
    for output in graph.outputs { buffers[home[output.value.id]].last = units.count }
  }

  private func step(_ call: KernelCall, _ unit: Unit, _ locations: [Location?]) -> PlanStep {
    let operands = call.operands.map { operand -> Location in
      switch operand {
      case .operand(let position): locations[unit.operands[position]]!
      case .operandPart(let position, let offset): locations[unit.operands[position]]!.moved(by: offset)
      case .result: locations[unit.result]!
      case .resultPart(let offset): locations[unit.result]!.moved(by: offset)
      case .workspace(let offset): locations[unit.workspace!]!.moved(by: offset)
      case .prepared(let offset): locations[unit.prepared!]!.moved(by: offset)
      }
    }
    return PlanStep(
      parameters: call.parameters, operands: operands, path: unit.origin.path, line: unit.origin.line,
      phase: unit.origin.phase.rawValue, op: unit.op, writes: target(call, unit, locations), note: unit.note)
  }

  /// What a call writes, for people: a variable by its name, memory of the run by its place, or the op's workspace.
  private func target(_ call: KernelCall, _ unit: Unit, _ locations: [Location?]) -> String {
    let isResult = call.operands.contains { operand in
      switch operand {
      case .operand(let position), .operandPart(let position, _): unit.operands[position] == unit.result
      case .result, .resultPart: true
      case .workspace, .prepared: false
      }
    }
    guard isResult else { return call.operands.contains(where: \.isWorkspace) ? "workspace" : "prepared" }
    if case .persistent(let name) = buffers[unit.result].kind { return name }
    return "run+" + String(locations[unit.result]!.offset, radix: 16)
  }

  private func tensor(_ id: Int, _ name: String, _ role: String, _ locations: [Location?]) -> PlanTensor {
    let type = graph.nodes[id].type
    let nests = layouts[id].nests(type).map { nest in
      TransferNest(
        logicalStart: nest.logicalStart, physicalStart: nest.physicalStart,
        loops: nest.loops.map { .init(extent: $0.extent, logical: $0.logical, physical: $0.physical) })
    }
    let storage: PlanTensor.Storage =
      switch layouts[id] {
      case .bytes(_, let order): .bytePanels(channelsLast: order != .plain)
      case .pictures: .pictures
      default: type.element == .int32 ? .int32 : .float32
      }
    return PlanTensor(
      name: name, role: role, storage: storage, shape: type.shape,
      location: locations[home[id]]!, size: layouts[id].size(type), nests: nests)
  }

  /// Variables lie one after the other, in the order in which plans meet them.
  private func place(variables locations: inout [Location?], placement: inout VariablePlacement) {
    for (id, node) in graph.nodes.enumerated() {
      guard case .variable(let variable) = node.kind else { continue }
      if placement.offsets[variable.name] == nil {
        placement.layouts[variable.name] = layouts[id]
        placement.offsets[variable.name] = placement.bytes
        placement.bytes += bytes(buffers[home[id]].size, number: placement.offsets.count)
      }
      locations[home[id]] = Location(.persistent, placement.offsets[variable.name]!)
    }
  }

  /// Inputs and targets lie behind the variables that are known so far.
  private func place(examples locations: inout [Location?], placement: inout VariablePlacement) {
    for (id, node) in graph.nodes.enumerated() {
      guard case .feed(let feed) = node.kind, feed.role == .input || feed.role == .target else { continue }
      locations[home[id]] = Location(.persistent, placement.bytes)
      placement.bytes += bytes(buffers[home[id]].size, number: id)
    }
  }

  /// What runs once writes behind the variables, too; plans that need the same share it.
  /// - Returns: the bytes that this plan reads of it.
  private func place(prepared locations: inout [Location?], placement: inout VariablePlacement) -> Int {
    var total = 0
    for (index, buffer) in buffers.enumerated() {
      guard case .prepared(let made) = buffer.kind else { continue }
      let size = bytes(buffer.size, number: index)
      if placement.prepared[made] == nil {
        placement.prepared[made] = placement.bytes
        placement.bytes += size
      }
      locations[index] = Location(.persistent, placement.prepared[made]!)
      total += size
    }
    return total
  }

  /// Largest first, each at the lowest place that no buffer of an overlapping lifetime takes.
  /// - Returns: the bytes of the whole region.
  private func place(transients locations: inout [Location?]) -> Int {
    struct Placed {
      var offset: Int
      var end: Int
      var first: Int
      var last: Int
    }
    let order = buffers.indices.filter { locations[$0] == nil }.sorted {
      (buffers[$1].size, $0) < (buffers[$0].size, $1)
    }
    var placed: [Placed] = []
    var total = 0
    for index in order {
      let buffer = buffers[index]
      let size = bytes(buffer.size, number: index)
      // Feeds and constants are written before the first unit runs.
      let last = buffer.kind == .transient ? buffer.last : units.count
      var offset = 0
      for other in placed where other.first <= last && buffer.first <= other.last {
        if offset + size <= other.offset { break }
        offset = max(offset, other.end)
      }
      let new = Placed(offset: offset, end: offset + size, first: buffer.first, last: last)
      placed.insert(new, at: placed.firstIndex { $0.offset > offset } ?? placed.count)
      locations[index] = Location(.transient, offset)
      total = max(total, new.end)
    }
    return total
  }

  /// Bytes for so many floats, in whole cache lines. Large neighbours start at different places within a page, lest they
  /// share cache sets.
  private func bytes(_ size: Int, number: Int) -> Int {
    let bytes = (size * 4 + 63) / 64 * 64
    return bytes < 1 << 20 ? bytes : bytes + number % 16 * 192
  }
}
