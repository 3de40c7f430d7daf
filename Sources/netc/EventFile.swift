import Reports
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// TensorBoard's file of a run, which grows by whole records. They are kept back for up to a second.
final class EventFile {
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var written = 0
  private var lastFlush = SystemDescription.seconds

  /// Creates a file in `folder` under a name that TensorBoard looks for; it reads the files of a folder one after the other.
  /// - Parameter step: the first step of a run that goes on; what earlier files have of it and of later ones does not count.
  init(in folder: String, from step: Int? = nil) throws(Failure) {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let plain = host.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
    let now = EventFile.now
    path = "\(folder)/events.out.tfevents.\(Int(now)).\(plain.isEmpty ? "host" : plain).\(getpid())"
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "\(path): cannot be created: \(String(cString: strerror(errno)))")
    }
    pending = EventRecord.header(time: now).bytes
    if let step { pending += EventRecord.restart(step: step, time: now).bytes }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Seconds since 1970.
  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Takes in what happened: the loss of a step, the measures of an epoch.
  func append(_ event: TrainingEvent) throws(Failure) {
    switch event {
    case .step(let report):
      try append([("loss", Double(report.loss)), ("learning_rate", report.learningRate)], step: report.step)
    case .epoch(let report):
      var values = [("epoch", Double(report.epoch)), ("epoch_loss", report.loss)]
      if let validation = report.validation {
        values.append(("val/loss", validation.loss))
        values += validation.metrics.map { ("val/" + $0.name, $0.value) }
      }
      try append(values, step: report.step)
      try flush()
    case .validating, .resumable: break
    }
  }

  private func append(_ values: [(tag: String, value: Double)], step: Int) throws(Failure) {
    pending += EventRecord.scalars(values, step: step, time: EventFile.now).bytes
    if pending.count > 1 << 16 || SystemDescription.seconds - lastFlush > 1 { try flush() }
  }

  /// Hands what was kept back to the system; when that fails, the file ends as it was before.
  func flush() throws(Failure) {
    var done = 0
    while done < pending.count {
      let count = pending.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = String(cString: strerror(count < 0 ? errno : ENOSPC))
        _ = ftruncate(descriptor, off_t(written))
        pending.removeAll()
        throw Failure(.inputOutput, "\(path): writing failed: \(reason)", help: "free some space")
      }
      done += count
    }
    written += done
    pending.removeAll(keepingCapacity: true)
    lastFlush = SystemDescription.seconds
  }
}
