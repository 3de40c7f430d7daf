import ArgumentParser
import Drawing
import Semantics
import Source
import Vocabulary

/// The form of a summary.
enum SummaryFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, svg, dot
}

/// `netc summary FILE`
struct SummaryCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Shows the layers of a net: shapes, parameters, multiply-adds and activation bytes of one example.")

  @OptionGroup var net: NetOptions
  @Argument(help: ArgumentHelp("The net, where the file has several.", valueName: "net"))
  var name: String?
  @Option(help: "text, json, or the net as a picture: svg, or dot for graphviz.")
  var format: SummaryFormat = .text

  mutating func execute() throws(Failure) {
    let file = try CheckedFile(net.file, overrides: try net.overrides())
    try file.report()
    let model = try file.model(named: name, trained: false, forLayers: true)
    switch format {
    case .text: Terminal.result(model.table)
    case .json: Terminal.result(model.summary.text + "\n")
    case .svg: Terminal.result(model.picture.svg)
    case .dot: Terminal.result(model.picture.dot)
    }
  }
}

extension Model {
  /// The layers as a table for people.
  fileprivate var table: String {
    var table = TextTable(rightAligned: [3, 4, 5])
    table.rows.append(["layer", "word", "output", "parameters", "multiply-adds", "activations"])
    table.rules = [1]
    for input in inputs { table.rows.append([input.name, "input", input.type, "", "", ""]) }
    for layer in layers {
      table.rows.append([
        layer.path, layer.word, layer.type.description,
        layer.parameterCount == 0 ? "" : NumberFormat.grouped(layer.parameterCount),
        layer.multiplyAdds == 0 ? "" : NumberFormat.grouped(layer.multiplyAdds),
        NumberFormat.bytes(layer.activationBytes),
      ])
    }
    table.rules.insert(table.rows.count)
    table.rows.append([
      "total", "", "", NumberFormat.grouped(parameterCount), NumberFormat.grouped(totalMultiplyAdds),
      NumberFormat.bytes(totalActivationBytes),
    ])
    let values = parameters.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    return name + (values.isEmpty ? "" : "(\(values))") + "\n" + table.text
  }

  /// The net as a picture.
  var picture: Picture {
    let counts =
      "\(NumberFormat.grouped(parameterCount)) parameters, \(NumberFormat.grouped(totalMultiplyAdds)) multiply-adds"
    return Picture(layerGraph, title: name, subtitle: counts)
  }

  /// The layers as other programs read them.
  fileprivate var summary: JSON {
    let rows = layers.map { layer in
      JSON.object([
        ("path", .string(layer.path)), ("word", .string(layer.word)), ("line", .integer(layer.line)),
        ("type", .string(layer.type.description)), ("shape", .array(layer.type.shape.map(JSON.integer))),
        ("parameters", .integer(layer.parameterCount)), ("multiply_adds", .integer(layer.multiplyAdds)),
        ("activation_bytes", .integer(layer.activationBytes)),
      ])
    }
    return .object([
      ("net", .string(name)),
      ("settings", .object(parameters.map { ($0.name, .string($0.value)) })),
      ("inputs", .array(inputs.map { tensor($0.name, ExampleType($0.element, $0.shape)) })),
      ("outputs", .array(outputs.map { tensor($0.name, $0.type) })), ("layers", .array(rows)),
      ("parameters", .integer(parameterCount)),
      ("multiply_adds", .integer(totalMultiplyAdds)), ("activation_bytes", .integer(totalActivationBytes)),
    ])
  }

  private func tensor(_ name: String, _ type: ExampleType) -> JSON {
    .object([
      ("name", .string(name)), ("type", .string(type.description)), ("shape", .array(type.shape.map(JSON.integer))),
    ])
  }

  private var totalMultiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }
  private var totalActivationBytes: Int { layers.reduce(0) { $0 + $1.activationBytes } }
}
