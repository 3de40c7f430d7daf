import ArgumentParser
import Driver
import Semantics
import Source

/// `netc check FILE…`
struct CheckCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks nets: names, arguments, shapes. Opens no data.")

  @Argument(help: ArgumentHelp("The .net files.", valueName: "file"), completion: .file(extensions: ["net"]))
  var files: [String]

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A setting or a parameter to change, as in run. May be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @Option(
    help: """
      text for people; for programs on standard output json (an array of diagnostics), sarif (2.1.0) or github (workflow \
      commands).
      """)
  var format: DiagnosticFormat = .text

  @Flag(help: "Apply the fixes that are sure, tell them, and check again. A file is replaced as a whole or not at all.")
  var fix = false

  @Flag(help: "Print the files back with the shape after every stage.")
  var annotate = false

  @Option(help: ArgumentHelp("The net whose shapes --annotate shows, where a file has several.", valueName: "name"))
  var net: String?

  func validate() throws {
    _ = try NetOptions.overrides(settings)
    if annotate, format != .text || fix { throw ValidationError("--annotate prints text, and changes nothing") }
    if net != nil, !annotate { throw ValidationError("--net needs --annotate") }
  }

  mutating func execute() throws(Failure) {
    let overrides: [SettingOverride]
    do { overrides = try NetOptions.overrides(settings) } catch { throw Failure(.usage, "\(error)") }
    var worst = ExitStatus.success
    var diagnostics: [Diagnostic] = []
    var failures: [FileFailure] = []
    for path in files {
      do throws(Failure) {
        var file = try CheckedFile(path, overrides: overrides, isObserving: annotate)
        if annotate {
          try file.printAnnotated(net)
          continue
        }
        defer { diagnostics += file.compilation.diagnostics }
        if fix { tell(try file.repair()) }
        if format == .text {
          try file.report(afterRepair: fix)
          let nets = CheckedFile.named(file.compilation.models).map { name, model in
            "\(name) \(NumberFormat.grouped(model.parameterCount)) parameters"
          }
          Terminal.result("\(path): ok" + (nets.isEmpty ? "" : "  \(nets.joined(separator: ", "))") + "\n")
          continue
        }
        if let more = file.compilation.hidden.text { Terminal.note("\(path): \(more)\n") }
        if file.compilation.hasErrors {
          throw Failure(.diagnostics, "")
        }
      } catch {
        if !error.message.isEmpty {
          _ = error.reported()
          failures.append(FileFailure(path: path, message: error.message))
        }
        worst = worst == .success ? error.status : worst
      }
    }
    switch format {
    case .text: break
    case .json: Terminal.result(Diagnostic.json(diagnostics, failures: failures))
    case .sarif: Terminal.result(SARIFLog(diagnostics, failures: failures).text)
    case .github: Terminal.result(WorkflowCommands(diagnostics, failures: failures).text)
    }
    if worst != .success { throw Failure(worst, "") }
  }

  /// Says what was changed: among the results, or beside them when they are for programs.
  private func tell(_ changes: [Repair.Change]) {
    let text = changes.map { change in
      let what = "\(change.diagnostic.message): \(change.help.text)"
      return "fixed \(change.diagnostic.location): [\(change.diagnostic.code)] \(DisplayText.escaped(what))\n"
    }.joined()
    if format == .text { Terminal.result(text) } else { Terminal.note(text) }
  }
}
