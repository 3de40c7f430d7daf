import ArgumentParser
import Source

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line.
@main
struct Netc: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "netc",
    abstract: "Checks and trains the neural networks that .net files describe.",
    discussion: """
      netc check FILE tells what does not fit; netc run FILE trains. Results go to standard output, progress and \
      messages to standard error.
      """,
    version: version,
    subcommands: [
      CheckCommand.self, FormatCommand.self, ExplainCommand.self, WordsCommand.self, LSPCommand.self, RunCommand.self,
      PredictCommand.self, EvalCommand.self, ReportCommand.self, RunsCommand.self, PlotCommand.self, NewCommand.self,
      DataCommand.self,
      SummaryCommand.self,
      InitCommand.self, PlanCommand.self, DumpCommand.self, BenchCommand.self,
    ])

  static let version = "0.1.0"

  static func main() {
    // A reader that goes away is seen as an error of the write, which is handled, and not as a signal.
    signal(SIGPIPE, SIG_IGN)
    do {
      try checkCommand()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      // Help and the like are results: that they could not be written must be told.
      if exitCode(for: error) == .success {
        let text = fullMessage(for: error)
        if !text.isEmpty { Terminal.result(text + "\n") }
        Self.exit()
      }
      Self.exit(withError: error)
    }
  }
}

extension Netc {
  /// Tells a misspelt command from one with too many arguments.
  private static func checkCommand() throws {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help" else { return }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !names.contains(word) else { return }
    let synonyms = [
      "train": "run", "fit": "run", "test": "eval", "evaluate": "eval", "infer": "predict", "format": "fmt",
      "lint": "check",
      "validate": "check", "show": "summary", "graph": "summary", "draw": "summary", "benchmark": "bench",
    ]
    let near = closestSpelling(of: word, among: names, synonyms: synonyms).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError("there is no command '\(word)'\(near)")
  }
}

/// A command of netc; what it throws as a `Failure` becomes a message and an exit status.
protocol Command: ParsableCommand {
  mutating func execute() throws(Failure)
}

extension Command {
  mutating func run() throws {
    do {
      try execute()
    } catch {
      if error.message.isEmpty { throw ExitCode(error.status.rawValue) }
      throw error.reported()
    }
  }
}
