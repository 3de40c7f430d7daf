#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ctrl-C and SIGTERM, politely: the first asks the running step to be the last, the second ends the program at once.
enum Interruption {
  /// Listens from now on.
  static func listen() {
    // A parent may have left them blocked.
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&set, number)
      signal(number, handle)
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// The signal that asked to stop, if one did.
  static var requested: Int32? { first == 0 ? nil : Int32(first) }
}

/// The first signal that arrived. Written by the handler alone; a `sig_atomic_t`, so a read never sees half a write.
nonisolated(unsafe) private var first: sig_atomic_t = 0

private func handle(_ number: Int32) {
  if first != 0 { _exit(128 + number) }
  first = sig_atomic_t(number)
}
