import ArgumentParser
import Semantics

/// The file and what is changed in it.
struct NetOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The .net file.", valueName: "file"), completion: .file(extensions: ["net"]))
  var file: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting of the train section (batch=64) or a parameter of a net (Net.classes=10). May be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  func validate() throws { _ = try NetOptions.overrides(settings) }

  /// The `--set` options, then `further` ones.
  func overrides(_ further: [(key: String, value: String?)] = []) throws(Failure) -> [SettingOverride] {
    do {
      var overrides = try NetOptions.overrides(settings)
      for (key, value) in further {
        if let value { overrides.append(SettingOverride(key: key, value: value)) }
      }
      return overrides
    } catch { throw Failure(.usage, "\(error)") }
  }

  static func overrides(_ settings: [String]) throws(ValidationError) -> [SettingOverride] {
    var result: [SettingOverride] = []
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
        throw ValidationError("--set needs KEY=VALUE, such as --set batch=64; got '\(setting)'")
      }
      result.append(
        SettingOverride(key: String(setting[..<equals]), value: String(setting[setting.index(after: equals)...])))
    }
    return result
  }
}

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "How many threads compute; the physical cores without it. The results do not depend on it.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads is 1 to 1024, got \(threads)") }
  }

  var count: Int { threads ?? SystemDescription.physicalCores }
}

/// The form of a result.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

/// The form of diagnostics.
enum DiagnosticFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, sarif, github
}
