import Source
import Syntax

extension Program {
  /// A net as it is meant: where it has no inputs, parameters that flows start from are its inputs, as the arguments of a function are
  /// elsewhere. They are reported.
  static func readingInputs(of net: NetSyntax, _ reporter: inout Reporter) -> NetSyntax {
    guard net.kind == .net, net.inputNames.isEmpty else { return net }
    let heads = Set(net.body.compactMap(\.startOfFlow))
    let inputs = net.parameters.filter {
      $0.defaultValue == nil && $0.kind != .layer && !$0.name.isMissing && heads.contains($0.name.text)
    }
    if inputs.isEmpty { return net }
    for input in inputs {
      let name = input.name.text
      reporter.report(
        Diagnostic(
          .notATensor, "`\(name)` flows through layers: it is an input, not a parameter", at: input.span,
          help: [.init("write `input \(name): f32[3, 224, 224]` in the body, with the shape of one example")]))
    }
    return net.takingAsInputs(inputs)
  }
}

extension StatementSyntax {
  /// The name that the flow of an output or binding starts from, if it goes on to a stage.
  fileprivate var startOfFlow: String? {
    let flow: FlowSyntax
    switch self {
    case .output(let node): flow = node.value
    case .binding(let node): flow = node.value
    default: return nil
    }
    guard !flow.stages.isEmpty, case .call(let call) = flow.head, call.arguments == nil, call.path.count == 1 else {
      return nil
    }
    return call.path[0].text
  }
}
