import Execution
import Graphs
import KernelContract
import Ops

/// Why a graph cannot be planned: the op and the place in the user's file.
package struct PlanningError: Error, Sendable {
  package var origin: Origin
  package var op: String
  package var reason: String
}

/// Where the variables lie: decided by the first plan of a machine, kept by the others.
package struct VariablePlacement: Sendable {
  package var layouts: [String: Layout] = [:]
  package var offsets: [String: Int] = [:]
  /// Where what was made of fixed variables lies, by how it was made.
  var prepared: [String: Int] = [:]
  package var bytes = 0
  package init() {}
}

/// How the inputs and targets of a plan are given.
package struct ExamplePlacement: Hashable, Sendable {
  /// They have a place of their own, which no other value and no other plan writes to, so that examples that stay the same are written
  /// once.
  package var areKept: Bool
  /// What the bytes of an input stand for, by its name, for those whose examples are bytes. Such an input may lie as bytes.
  package var byteValues: [String: ByteValues]

  package init(areKept: Bool = false, byteValues: [String: ByteValues] = [:]) {
    self.areKept = areKept
    self.byteValues = byteValues
  }
}

/// Graph to plan: layouts, kernel calls, lifetimes, places.
/// - Parameters:
///   - examples: how inputs and targets are given.
///   - unit: what the machine multiplies with.
///   - parametersAreFixed: whether no plan of the machine changes parameters.
///   - placement: the variables' places; variables that are not in it are added.
package func makePlan(
  _ graph: Graph, examples: ExamplePlacement = ExamplePlacement(), unit: ArithmeticUnit = .vectors,
  parametersAreFixed: Bool = false, placement: inout VariablePlacement
) throws(PlanningError) -> Plan {
  let assignment = try assignLayouts(graph, placement: placement, byteValues: examples.byteValues)
  var builder = PlanBuilder(graph: graph, layouts: assignment.layouts, unit: unit)
  builder.keepsExamples = examples.areKept
  builder.parametersAreFixed = parametersAreFixed
  try builder.lower(assignment)
  var plan = builder.finish(placement: &placement)
  plan.remarks = assignment.remarks
  return plan
}

/// A piece of memory while places are not decided yet.
struct Buffer {
  enum Kind: Equatable {
    case persistent(String)
    case prepared(String)
    case transient
    case constant(Double)
  }
  var kind: Kind
  /// Floats, padding included.
  var size: Int
  /// The first and the last unit that touch it.
  var first: Int
  var last: Int
}

/// The calls of one node, or of one change of layout, on buffers.
struct Unit {
  var origin: Origin
  var op: String
  var note: String
  var calls: [KernelCall]
  var operands: [Int]
  var result: Int
  var workspace: Int?
  /// What runs once, and the buffer it writes.
  var preparation: [KernelCall] = []
  var prepared: Int?
  /// Operands that the calls write to, by position.
  var mutated: [Int] = []
}

struct PlanBuilder {
  let graph: Graph
  let layouts: [Layout]
  let unit: ArithmeticUnit
  var keepsExamples = false
  var parametersAreFixed = false
  var buffers: [Buffer] = []
  var units: [Unit] = []
  /// The buffer that holds each node's result.
  var home: [Int] = []
  /// How often each node's result will still be read by nodes that are not lowered yet.
  var pending: [Int]
  /// The nodes whose results lie in a buffer.
  var tenants: [Int: [Int]] = [:]

  init(graph: Graph, layouts: [Layout], unit: ArithmeticUnit) {
    self.graph = graph
    self.layouts = layouts
    self.unit = unit
    pending = graph.users.map(\.count)
    for output in graph.outputs { pending[output.value.id] += 1 }
  }

  mutating func lower(_ assignment: LayoutAssignment) throws(PlanningError) {
    var converted: [LayoutAssignment.Conversion: Int] = [:]
    for (id, node) in graph.nodes.enumerated() {
      let size = layouts[id].size(node.type)
      switch node.kind {
      case .feed: home.append(newBuffer(.transient, size: size, first: -1))
      case .variable(let variable): home.append(newBuffer(.persistent(variable.name), size: size, first: -1))
      case .constant(let value): home.append(newBuffer(.constant(value), size: size, first: -1))
      case .op(let op):
        var operands: [Int] = []
        var site = LoweringSite(operands: [], result: .init(type: node.type, layout: layouts[id]), unit: unit)
        for (operand, layout) in zip(node.operands, assignment.demanded[id]) {
          let type = graph[operand].type
          site.operands.append(.init(type: type, layout: layout))
          if layout == layouts[operand.id] {
            if parametersAreFixed, graph.nodes[operand.id].variable?.role == .parameter {
              site.fixedOperands.insert(operands.count)
            }
            operands.append(home[operand.id])
          } else {
            let key = LayoutAssignment.Conversion(value: operand, layout: layout)
            if converted[key] == nil { converted[key] = try move(operand, to: layout, for: node) }
            operands.append(converted[key]!)
          }
        }
        try lower(op, node, id, site, operands)
      }
      tenants[home[id], default: []].append(id)
      for operand in Set(node.operands) { pending[operand.id] -= 1 }
    }
  }

  private mutating func lower(
    _ op: any Op, _ node: Node, _ id: Int, _ site: LoweringSite, _ operands: [Int]
  ) throws(PlanningError) {
    guard let executable = op as? any Executable else {
      throw PlanningError(origin: node.origin, op: op.name, reason: "no kernel computes it yet")
    }
    let lowering: Lowering
    do {
      lowering = try executable.lower(site)
    } catch {
      guard case .noKernel(let name, let reason) = error else { return }
      throw PlanningError(origin: node.origin, op: name, reason: reason)
    }
    if let alias = lowering.alias {
      home.append(operands[alias])
      return
    }
    if op.returnsMutated, let mutated = op.mutatedOperands.first {
      // The result of an update is the variable itself.
      home.append(operands[mutated])
    } else if let reused = reusable(lowering, node, site, operands) {
      home.append(reused)
    } else {
      home.append(newBuffer(.transient, size: site.result.size, first: units.count))
    }
    append(lowering, node.origin, op.name, operands, result: home[id])
    units[units.count - 1].mutated = op.mutatedOperands
  }

  /// An operand's buffer that the result may be written over: its last reader is this node.
  private func reusable(_ lowering: Lowering, _ node: Node, _ site: LoweringSite, _ operands: [Int]) -> Int? {
    for position in lowering.mayOverwrite where site.operands[position].size >= site.result.size {
      let buffer = operands[position]
      guard buffers[buffer].kind == .transient, buffers[buffer].first >= 0 else { continue }
      let stillRead = (tenants[buffer] ?? []).contains { tenant in
        pending[tenant] > (node.operands.contains(Value(id: tenant)) ? 1 : 0)
      }
      if !stillRead && operands.count(where: { $0 == buffer }) == 1 && tenants[buffer] != nil { return buffer }
    }
    return nil
  }

  private mutating func append(
    _ lowering: Lowering, _ origin: Origin, _ op: String, _ operands: [Int], result: Int
  ) {
    let workspace =
      lowering.workspaceBytes > 0
      ? newBuffer(.transient, size: (lowering.workspaceBytes + 3) / 4, first: units.count) : nil
    for buffer in operands + [result] + (workspace.map { [$0] } ?? []) { buffers[buffer].last = units.count }
    var unit = Unit(
      origin: origin, op: op, note: lowering.note, calls: lowering.calls, operands: operands, result: result,
      workspace: workspace)
    if lowering.preparedBytes > 0 {
      unit.preparation = lowering.preparation
      let made = lowering.preparation.map { call in "\(call.parameters) \(call.operands.map { name($0, operands) })" }
      unit.prepared = newBuffer(
        .prepared(made.joined(separator: "; ")), size: (lowering.preparedBytes + 3) / 4, first: -1)
    }
    units.append(unit)
  }

  /// The variable behind an operand; what else there is, as it is written.
  private func name(_ operand: CallOperand, _ operands: [Int]) -> String {
    guard case .operand(let position) = operand, case .persistent(let name) = buffers[operands[position]].kind else {
      return "\(operand)"
    }
    return name
  }

  private mutating func newBuffer(_ kind: Buffer.Kind, size: Int, first: Int) -> Int {
    buffers.append(Buffer(kind: kind, size: size, first: first, last: max(first, 0)))
    return buffers.count - 1
  }

  /// A copy of `value` in another layout, for the sake of `reader`.
  private mutating func move(_ value: Value, to layout: Layout, for reader: Node) throws(PlanningError) -> Int {
    let type = graph[value].type
    guard let lowering = relayout(type, from: layouts[value.id], to: layout) else {
      throw PlanningError(
        origin: reader.origin, op: reader.op?.name ?? "value",
        reason: "no kernel moves \(type) from \(layouts[value.id]) to \(layout)")
    }
    let target = newBuffer(.transient, size: layout.size(type), first: units.count)
    append(lowering, reader.origin, "relayout", [home[value.id]], result: target)
    return target
  }
}
