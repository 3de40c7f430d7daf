import ArgumentParser
import Datasets

/// How the program ends, after `sysexits.h`.
enum ExitStatus: Int32 {
  case success = 0
  /// The `.net` text has errors, or what it describes cannot be run here.
  case diagnostics = 1
  /// The command line is wrong.
  case usage = 64
  /// A data file can be read and is wrong.
  case badData = 65
  /// A file that should be read is missing, a folder or forbidden.
  case noInput = 66
  /// A mistake of netc itself.
  case internalError = 70
  /// An output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed half way.
  case inputOutput = 74
  /// Stopped by what may be better another time, such as a full disk; the run can be resumed.
  case resumable = 75
  /// Ended by SIGHUP, SIGINT or SIGTERM, after the state was written.
  case hungUp = 129
  case interrupted = 130
  case terminated = 143
}

/// Why a command ends early: one message and the exit status.
struct Failure: Error {
  var status: ExitStatus
  var message: String
  var help: String?
  /// A fact below the message.
  var note: String?

  init(_ status: ExitStatus, _ message: String, help: String? = nil, note: String? = nil) {
    self.status = status
    self.message = message
    self.help = help
    self.note = note
  }

  /// `note` says where the data is set.
  init(_ error: DataError, note: String? = nil) {
    self.init(ExitStatus(rawValue: error.exitStatus) ?? .badData, error.message, help: error.help, note: note)
  }

  /// What is wrong with data that a file of `folder` names. `note` says where the data is set. Paths are seen from that folder: that is told
  /// where one that is missing there is found from the working folder.
  init(_ error: DataError, ofDataSeenFrom folder: String, note: String?) {
    self.init(error, note: note)
    guard error.kind == .noInput, help == nil, let path = error.path, path.hasPrefix(folder + "/") else { return }
    let rest = String(path.dropFirst(folder.count + 1))
    guard FolderListing.exists(rest), !FolderListing.exists(path) else { return }
    help = "paths of data are seen from the folder of the .net file, \(folder); \(rest) is in this one"
  }

  /// Prints the message and gives what the argument parser turns into the exit status.
  func reported() -> ExitCode {
    let mark = Terminal.colours ? ("\u{1B}[1;31m", "\u{1B}[0m") : ("", "")
    let lines = [note.map { "  = \($0)\n" }, help.map { "  = help: \($0)\n" }].compactMap { $0 }
    Terminal.note("netc: \(mark.0)error\(mark.1): \(message)\n" + lines.joined())
    return ExitCode(status.rawValue)
  }
}
