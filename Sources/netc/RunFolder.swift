import Datasets
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The folder that a run leaves behind: what was asked, what happened at each step and epoch, and the weights.
struct RunFolder {
  let path: String
  let steps: LineLog
  let metrics: LineLog
  private let metricNames: [String]
  private let lock: FolderLock

  /// What is in a folder when it appears: names and contents.
  typealias Files = [(name: String, bytes: [UInt8])]

  /// Creates the folder with its first files. A new folder gets its name when all of them are there, so that no moment leaves half a run.
  /// - Parameters:
  ///   - path: the folder that the user named; nil for `runs/<name>-<time>-<hex>`. One that exists must be empty.
  ///   - metricNames: the columns of `metrics.csv` that belong to the validation; empty without one.
  init(_ path: String?, name: String, metricNames: [String], files: Files) throws(Failure) {
    self.metricNames = metricNames
    if let path {
      try RunFolder.check(path)
      if RunFolder.exists(path) {
        lock = try FolderLock(path)
        steps = try LineLog(path + "/steps.jsonl")
        metrics = try LineLog(path + "/metrics.csv")
        try RunFolder.write(files, to: path)
        self.path = path
        try begin()
        return
      }
    } else {
      try RunFolder.makeFolders("runs")
    }
    let wanted = RunFolder.trimmed(path ?? "runs/\(RunFolder.stem(name))")
    let parent = AtomicFile.folder(of: wanted)
    try RunFolder.makeFolders(parent)
    let last = wanted.split(separator: "/").last.map(String.init) ?? name
    RunFolder.removeAbandoned(in: parent)
    let aside = "\(parent)/.\(last).\(getpid()).partial"
    guard mkdir(aside, 0o777) == 0 || errno == EEXIST else {
      throw Failure(.cannotCreate, "\(wanted): cannot be created: \(RunFolder.reason())")
    }
    do throws(Failure) {
      lock = try FolderLock(aside)
      steps = try LineLog(aside + "/steps.jsonl", called: wanted + "/steps.jsonl")
      metrics = try LineLog(aside + "/metrics.csv", called: wanted + "/metrics.csv")
      try RunFolder.write(files, to: aside)
      self.path = try RunFolder.settle(aside, as: path.map { _ in wanted }, name: name)
      try begin()
    } catch {
      RunFolder.remove(aside, files.map(\.name) + ["steps.jsonl", "metrics.csv"])
      throw error
    }
  }

  /// Opens the folder of an earlier run to go on with it.
  /// - Parameter sizes: what of the two logs is kept, in bytes; nil to begin anew.
  init(resuming path: String, lock: FolderLock, metricNames: [String], sizes: (steps: Int, metrics: Int)?)
    throws(Failure)
  {
    self.path = path
    self.lock = lock
    self.metricNames = metricNames
    steps = try LineLog(path + "/steps.jsonl", continuingAt: sizes?.steps ?? 0)
    metrics = try LineLog(path + "/metrics.csv", continuingAt: sizes?.metrics ?? 0)
    if sizes == nil { try begin() }
  }

  /// Writes what stands before the first row.
  private func begin() throws(Failure) {
    let columns = ["epoch", "step", "learning_rate", "loss", "seconds"] + metricNames.map { "val." + $0 }
    try metrics.append(columns.map(csvField).joined(separator: ","))
    try metrics.flush()
  }

  var weights: String { path + "/weights.safetensors" }

  /// Refuses a folder that `--out` may not name, before anything else is done.
  static func check(_ path: String) throws(Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw Failure(.cannotCreate, "--out needs the name of a folder")
    }
    guard let folder = opendir(path) else {
      if errno == ENOENT { return }
      throw Failure(.cannotCreate, "\(path): \(errno == ENOTDIR ? "exists and is not a folder" : reason())")
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let isDots = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        name[0] == UInt8(ascii: ".") && (name[1] == 0 || (name[1] == UInt8(ascii: ".") && name[2] == 0))
      }
      if !isDots {
        throw Failure(
          .cannotCreate, "\(path): exists and is not empty",
          help: "a run never writes over another: name a new folder, or go on with it by --resume")
      }
    }
  }

  /// Refuses to start a run whose files, of `bytes` in the end, would not fit on the disk.
  static func checkSpace(for bytes: Int, at path: String?) throws(Failure) {
    guard let (folder, free) = freeBytes(at: path), free < bytes else { return }
    throw Failure(
      .inputOutput,
      "\(folder): the weights and checkpoints take \(NumberFormat.bytes(bytes)), the disk has \(NumberFormat.bytes(free)) left",
      help: "free some space, or keep fewer checkpoints: checkpoint = every(…, keep=1)")
  }

  /// The bytes that may still be written at `path`, which may not exist yet; nil where nobody knows.
  static func freeBytes(at path: String?) -> (folder: String, free: Int)? {
    var folder = path ?? "."
    var status = statvfs()
    while statvfs(folder, &status) != 0 {
      let parent = AtomicFile.folder(of: folder)
      guard parent != folder else { return nil }
      folder = parent
    }
    let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? nil : (folder, Int(clamping: free))
  }

  /// Writes a whole file of the folder, replacing what it held.
  func write(_ text: String, to name: String) throws(Failure) {
    try RunFolder.write([(name, Array(text.utf8))], to: path)
  }

  private static func write(_ files: Files, to folder: String) throws(Failure) {
    do throws(DataError) {
      for (name, bytes) in files {
        var file = try AtomicFile(folder + "/" + name)
        try file.write(bytes)
        try file.commit()
      }
    } catch { throw Failure(error) }
  }
}

/// A field of a CSV file, in quotes where it needs them (RFC 4180).
func csvField(_ text: String) -> String {
  guard text.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else { return text }
  return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
}

extension RunFolder {
  /// Adds an epoch to `metrics.csv`, and lets what was kept back of both files out.
  func append(_ report: EpochReport) throws(Failure) {
    var values = [
      String(report.epoch), String(report.step), report.learningRate.description, report.loss.description,
      NumberFormat.fixed(report.trainingSeconds + report.validationSeconds, 3),
    ]
    let measured = report.validation.map { [("loss", $0.loss)] + $0.metrics } ?? []
    for name in metricNames { values.append(measured.first { $0.0 == name }?.1.description ?? "") }
    try metrics.append(values.joined(separator: ","))
    // An epoch that was shown has to survive whatever ends the run.
    try metrics.flush()
    if let table = report.validation?.confusion { try write(RunFolder.text(table), to: "confusion.csv") }
  }

  /// A row for each true class, a column for each predicted one.
  private static func text(_ confusion: [[Int]]) -> String {
    let classes = confusion.indices.map(String.init)
    let rows = confusion.enumerated().map { ([String($0)] + $1.map(String.init)).joined(separator: ",") }
    return ([(["true \\ predicted"] + classes).joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }
}

extension RunFolder {
  /// Gives a finished folder its name: `path`, or one under `runs` that nobody else has.
  private static func settle(_ aside: String, as path: String?, name: String) throws(Failure) -> String {
    if let path {
      guard rename(aside, path) == 0 else {
        let isTaken = errno == ENOTEMPTY || errno == EEXIST
        throw Failure(.cannotCreate, "\(path): \(isTaken ? "exists and is not empty" : reason())")
      }
      return path
    }
    while true {
      let hex = String(UInt32.random(in: 0x1000...0xFFFF), radix: 16)
      let path = "runs/\(stem(name))-\(hex)"
      // A folder with files is never replaced.
      if rename(aside, path) == 0 { return path }
      guard errno == ENOTEMPTY || errno == EEXIST else {
        throw Failure(.cannotCreate, "\(path): cannot be created: \(reason())")
      }
    }
  }

  /// `Net-20261121-100505`.
  private static func stem(_ name: String) -> String {
    let plain = name.unicodeScalars.map { $0.properties.isAlphabetic || ("0"..."9").contains($0) ? String($0) : "_" }
    return plain.joined() + "-" + SystemDescription.timestamp(forFileName: true)
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    return path
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func remove(_ folder: String, _ names: [String]) {
    for name in names { unlink(folder + "/" + name) }
    rmdir(folder)
  }

  /// Makes `path` and the folders above it.
  static func makeFolders(_ path: String) throws(Failure) {
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    let code = errno
    let parent = AtomicFile.folder(of: path)
    if code == ENOENT, parent != path, parent != "." {
      try makeFolders(parent)
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    }
    throw Failure(.cannotCreate, "\(path): cannot be created: \(String(cString: strerror(code)))")
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

/// The right to write into a run folder, for as long as the process lives: two runs never share one.
final class FolderLock {
  private let descriptor: Int32

  /// Throws when another process has it.
  init(_ path: String) throws(Failure) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(.noInput, "\(path): \(String(cString: strerror(errno)))")
    }
    self.descriptor = descriptor
    // File systems that know no locks go without.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw Failure(.inputOutput, "\(path): another netc is training in this folder")
    }
  }

  deinit { close(descriptor) }
}
