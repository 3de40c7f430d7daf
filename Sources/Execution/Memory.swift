#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Why a machine could not be set up.
package enum MachineError: Error, Sendable {
  /// The plans need `needed` bytes, of which the system has `available`.
  case outOfMemory(needed: Int, available: Int)
  case noThreads(code: Int32)
}

/// A stretch of zeroed memory that stays where it is, in large pages where the system has them, touched before use.
package struct Memory: ~Copyable {
  package let base: UnsafeMutableRawPointer
  package let bytes: Int

  private static let large = 1 << 21

  /// The bytes that a stretch of at least so many takes: whole large pages.
  static func rounded(_ bytes: Int) -> Int { (max(bytes, 1) + large - 1) / large * large }

  /// - Parameter pool: its workers make the pages, each a part of them: the system clears each page, which takes as long as writing it.
  init(bytes: Int, pool: WorkerPool) throws(MachineError) {
    let large = Memory.large
    let rounded = Memory.rounded(bytes)
    // One large page more, so that the start can be moved to a multiple of it.
    let mapped = mmap(nil, rounded + large, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { throw .outOfMemory(needed: rounded, available: Memory.available) }
    self.mapped = mapped
    self.mappedBytes = rounded + large
    let start = (Int(bitPattern: mapped) + large - 1) / large * large
    base = UnsafeMutableRawPointer(bitPattern: start)!
    self.bytes = rounded
    #if os(Linux)
      let madviseHugePage: Int32 = 14
      _ = madvise(base, rounded, madviseHugePage)
      let (pages, workers) = (rounded / large, pool.count)
      pool.run { worker in
        let madvisePopulateWrite: Int32 = 23
        let (first, end) = (pages * worker / workers, pages * (worker + 1) / workers)
        if first < end {
          _ = madvise(
            UnsafeMutableRawPointer(bitPattern: start + first * large), (end - first) * large, madvisePopulateWrite)
        }
      }
    #endif
  }

  deinit { munmap(mapped, mappedBytes) }

  /// Gives the pages back to the system; what was in them is lost.
  func discard() {
    let madviseDoNotNeed: Int32 = 4
    _ = madvise(base, bytes, madviseDoNotNeed)
  }

  private let mapped: UnsafeMutableRawPointer
  private let mappedBytes: Int

  /// The bytes that the system can still give without swapping.
  package static var available: Int {
    #if os(Linux)
      if let file = fopen("/proc/meminfo", "r") {
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
          let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
          guard text.hasPrefix("MemAvailable:") else { continue }
          let digits = text.drop { !$0.isNumber }.prefix { $0.isNumber }
          if let kilobytes = Int(digits) { return kilobytes * 1024 }
        }
      }
    #endif
    return Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
