import Datasets
import Reports
import Source

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A run folder, read back.
struct StoredRun {
  let path: String
  /// `run.json`.
  let record: JSON

  /// Throws when `path` is no run folder.
  init(_ path: String) throws(Failure) {
    let path = FolderListing.withoutSlashes(path)
    self.path = path
    guard StoredRun.isRunFolder(path) else {
      throw Failure(.noInput, "\(path): is no run folder: it has no run.json", help: "netc run leaves one in runs/")
    }
    do {
      record = try JSON(parsing: try StoredRun.content(path + "/run.json"))
    } catch let error as Failure {
      throw error
    } catch { throw Failure(.badData, "\(path)/run.json: is damaged: \(error)") }
  }

  static func isRunFolder(_ path: String) -> Bool { access(path + "/run.json", F_OK) == 0 }

  /// The losses and metrics, as far as they were written.
  var history: RunHistory {
    func lines(_ name: String) -> [UInt8] { (try? StoredRun.content(path + "/" + name)) ?? [] }
    return RunHistory(steps: lines("steps.jsonl"), metrics: lines("metrics.csv"))
  }

  /// The last label of the path.
  var name: String { String(path.split(separator: "/").last ?? "") }

  var net: String { record["net"]?.string ?? "?" }

  /// How the run stands: as `run.json` says, or whether it still goes on.
  var state: String {
    if let reason = record["exit_reason"]?.string { return reason }
    guard let process = record["process"]?.integer, let number = pid_t(exactly: process), number > 0 else {
      return "unknown"
    }
    return kill(number, 0) == 0 || errno == EPERM ? "running" : "ended unexpectedly"
  }

  /// How the run stands in few words: of a long message its beginning.
  var briefState: String {
    let end = state.firstIndex { $0 == ";" || $0 == "\n" } ?? state.endIndex
    let beginning = DisplayText.escaped(String(state[..<end]))
    return beginning.count <= 48 ? beginning : beginning.prefix(47) + "…"
  }

  /// The bytes of a file.
  static func content(_ path: String) throws(Failure) -> [UInt8] {
    do throws(DataError) {
      return try InputFile(path).bytes()
    } catch { throw Failure(error) }
  }

  /// The run folders in `folder`, by their names.
  static func all(in folder: String) throws(Failure) -> [StoredRun] {
    guard let handle = opendir(folder) else {
      throw Failure(
        .noInput, "\(folder): cannot be opened: \(String(cString: strerror(errno)))",
        help: "netc run makes run folders in runs/; name another folder after `netc runs`")
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix("."), isRunFolder(folder + "/" + name) { names.append(name) }
    }
    var runs: [StoredRun] = []
    for name in names.sorted() {
      // One that is damaged does not hide the others.
      do throws(Failure) { runs.append(try StoredRun(folder + "/" + name)) } catch {
        Terminal.note(error.message + "\n")
      }
    }
    return runs
  }
}
