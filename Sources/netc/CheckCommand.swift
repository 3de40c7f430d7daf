import ArgumentParser
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

  @Option(help: "text for people; json for programs: an array of diagnostics on standard output.")
  var format: ResultFormat = .text

  func validate() throws { _ = try NetOptions.overrides(settings) }

  mutating func execute() throws(Failure) {
    let overrides: [SettingOverride]
    do { overrides = try NetOptions.overrides(settings) } catch { throw Failure(.usage, "\(error)") }
    var worst = ExitStatus.success
    var diagnostics: [Diagnostic] = []
    for path in files {
      do throws(Failure) {
        let file = try CheckedFile(path, overrides: overrides)
        if format == .json {
          diagnostics += file.compilation.diagnostics
          if file.compilation.hasErrors { throw Failure(.diagnostics, "") }
        } else {
          try file.report()
          let nets = file.compilation.models.map { "\($0.name) \(NumberFormat.grouped($0.parameterCount)) parameters" }
          Terminal.result("\(path): ok" + (nets.isEmpty ? "" : "  \(nets.joined(separator: ", "))") + "\n")
        }
      } catch {
        if !error.message.isEmpty { _ = error.reported() }
        worst = worst == .success ? error.status : worst
      }
    }
    if format == .json { Terminal.result(Diagnostic.json(diagnostics)) }
    if worst != .success { throw Failure(worst, "") }
  }
}
