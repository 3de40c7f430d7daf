import Datasets

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Signals, politely: the first Ctrl-C, SIGTERM or SIGHUP asks the running step to be the last, the second ends the program at once;
/// SIGUSR1 asks for the state to be saved now.
enum Interruption {
  /// From now on a signal ends the program at once, without files that are half written.
  static func leaveNothing() {
    UnfinishedFiles.prepare()
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      sigaddset(&set, number)
      signal(number, endAtOnce)
    }
    // A parent may have left them blocked.
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Listens from now on.
  static func listen() {
    UnfinishedFiles.prepare()
    // A parent may have left them blocked.
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      sigaddset(&set, number)
      signal(number, handle)
    }
    // Whom `nohup` started, a terminal that goes away does not concern.
    let before = unsafeBitCast(signal(SIGHUP, SIG_IGN), to: Int.self)
    if before != unsafeBitCast(SIG_IGN, to: Int.self) {
      sigaddset(&set, SIGHUP)
      signal(SIGHUP, handle)
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// The signal that asked to stop, if one did.
  static var requested: Int32? { first == 0 ? nil : Int32(first) }

  /// Whether the state was asked for since the last time that this was read.
  static func takeRequestToSave() -> Bool {
    guard wantsSave != 0 else { return false }
    wantsSave = 0
    return true
  }
}

/// The first signal that arrived. Written by the handler alone; a `sig_atomic_t`, so a read never sees half a write.
nonisolated(unsafe) private var first: sig_atomic_t = 0
/// Whether SIGUSR1 arrived.
nonisolated(unsafe) private var wantsSave: sig_atomic_t = 0

private func handle(_ number: Int32) {
  if number == SIGUSR1 {
    wantsSave = 1
    return
  }
  if first != 0 { endAtOnce(number) }
  first = sig_atomic_t(number)
}

private func endAtOnce(_ number: Int32) {
  UnfinishedFiles.removeAll()
  _exit(128 + number)
}
