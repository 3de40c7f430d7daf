#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is known of the machine that netc runs on.
enum SystemDescription {
  /// The processor's cores that this process may use, counting hyper-threads of one core once.
  static var physicalCores: Int {
    #if os(Linux)
      if let allowed = value(of: "Cpus_allowed_list", in: "/proc/self/status") {
        var cores: Set<String> = []
        for index in indices(allowed).prefix(1024) {
          let siblings = firstLine("/sys/devices/system/cpu/cpu\(index)/topology/thread_siblings_list")
          cores.insert(siblings ?? String(index))
        }
        if !cores.isEmpty { return cores.count }
      }
    #endif
    return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// The processor's name, as the system tells it.
  static var processor: String {
    #if os(Linux)
      if let value = value(of: "model name", in: "/proc/cpuinfo") { return value }
    #endif
    return "unknown"
  }

  /// The largest resident size of this process so far, in bytes.
  static var peakBytes: Int {
    #if os(Linux)
      if let value = value(of: "VmHWM", in: "/proc/self/status"), let kilobytes = Int(value.prefix { $0.isNumber }) {
        return kilobytes * 1024
      }
    #endif
    #if os(Linux)
      return 0
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  /// The resident size of this process now, in bytes; 0 where the system does not tell.
  static var residentBytes: Int {
    #if os(Linux)
      if let value = value(of: "VmRSS", in: "/proc/self/status"), let kilobytes = Int(value.prefix { $0.isNumber }) {
        return kilobytes * 1024
      }
    #endif
    return 0
  }

  /// Seconds on a clock that never goes back.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Now, in UTC: `2026-11-21T10:05:05Z`, or without punctuation for file names: `20261121-100505`.
  static func timestamp(forFileName: Bool = false) -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    var buffer = [CChar](repeating: 0, count: 64)
    let count = strftime(&buffer, buffer.count, forFileName ? "%Y%m%d-%H%M%S" : "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: buffer.prefix(count).map(UInt8.init), as: UTF8.self)
  }

  /// The numbers of a list such as `0-3,8`.
  private static func indices(_ list: String) -> [Int] {
    list.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else { return [] }
      return Array(first...last)
    }
  }

  private static func firstLine(_ path: String) -> String? {
    var result: String?
    forEachLine(path) {
      result = $0
      return false
    }
    return result
  }

  /// The text after `key:` in a file of such lines.
  private static func value(of key: String, in path: String) -> String? {
    var result: String?
    forEachLine(path) { line in
      guard line.hasPrefix(key), let colon = line.firstIndex(of: ":") else { return true }
      let text = line[line.index(after: colon)...]
      result = String(text.drop { $0 == " " || $0 == "\t" })
      return false
    }
    return result
  }

  private static func forEachLine(_ path: String, _ body: (String) -> Bool) {
    guard let file = fopen(path, "r") else { return }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
      var bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      guard body(String(decoding: bytes, as: UTF8.self)) else { return }
    }
  }
}
