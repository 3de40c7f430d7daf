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

  /// Creates the folder.
  /// - Parameters:
  ///   - path: the folder that the user named; nil for `runs/<name>-<time>-<hex>`. One that exists must be empty.
  ///   - metricNames: the columns of `metrics.csv` that belong to the validation; empty without one.
  init(_ path: String?, name: String, metricNames: [String]) throws(Failure) {
    if let path {
      self.path = try RunFolder.create(named: path)
    } else {
      self.path = try RunFolder.createUnder("runs", name: name)
    }
    self.metricNames = metricNames
    steps = try LineLog(self.path + "/steps.jsonl")
    metrics = try LineLog(self.path + "/metrics.csv")
    let columns = ["epoch", "step", "learning_rate", "loss", "seconds"] + metricNames.map { "val." + $0 }
    try metrics.append(columns.map(csvField).joined(separator: ","))
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
      let isDots = withUnsafeBytes(of: entry.pointee.d_name) { name in
        name[0] == UInt8(ascii: ".") && (name[1] == 0 || (name[1] == UInt8(ascii: ".") && name[2] == 0))
      }
      if !isDots {
        throw Failure(
          .cannotCreate, "\(path): exists and is not empty", help: "a run never writes over another: name a new folder")
      }
    }
  }

  /// Refuses to start a run whose weights, of `bytes`, would not fit on the disk in the end.
  static func checkSpace(for bytes: Int, at path: String?) throws(Failure) {
    var folder = path ?? "."
    var status = statvfs()
    while statvfs(folder, &status) != 0 {
      let parent = AtomicFile.folder(of: folder)
      guard parent != folder else { return }
      folder = parent
    }
    let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    guard !overflow, free < UInt64(bytes) else { return }
    throw Failure(
      .inputOutput,
      "\(folder): the weights take \(NumberFormat.bytes(bytes)), the disk has \(NumberFormat.bytes(Int(free))) left")
  }

  /// Writes a whole file of the folder, replacing what it held.
  func write(_ text: String, to name: String) throws(Failure) {
    do {
      var file = try AtomicFile(path + "/" + name)
      try file.write(text)
      try file.commit()
    } catch { throw Failure(error) }
  }

  /// Writes a file's bytes as they are.
  func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    do {
      var file = try AtomicFile(path + "/" + name)
      try file.write(bytes)
      try file.commit()
    } catch { throw Failure(error) }
  }

  private static func create(named path: String) throws(Failure) -> String {
    try check(path)
    try makeFolders(path, lastMayExist: true)
    return path
  }

  private static func createUnder(_ parent: String, name: String) throws(Failure) -> String {
    try makeFolders(parent, lastMayExist: true)
    let plain = name.unicodeScalars.map { $0.properties.isAlphabetic || ("0"..."9").contains($0) ? String($0) : "_" }
    let stem = parent + "/" + plain.joined() + "-" + SystemDescription.timestamp(forFileName: true) + "-"
    while true {
      let hex = String(UInt32.random(in: 0x1000...0xFFFF), radix: 16)
      if mkdir(stem + hex, 0o777) == 0 { return stem + hex }
      guard errno == EEXIST else { throw Failure(.cannotCreate, "\(stem + hex): cannot be created: \(reason())") }
    }
  }

  /// Makes `path` and the folders above it.
  private static func makeFolders(_ path: String, lastMayExist: Bool) throws(Failure) {
    if mkdir(path, 0o777) == 0 || (errno == EEXIST && lastMayExist) { return }
    let code = errno
    let parent = AtomicFile.folder(of: path)
    if code == ENOENT, parent != path, parent != "." {
      try makeFolders(parent, lastMayExist: true)
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    }
    throw Failure(.cannotCreate, "\(path): cannot be created: \(String(cString: strerror(code)))")
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
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
