import Synchronization
import Testing

@testable import Datasets

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct AtomicFileTests {
  /// The real calls, of which number `failing` fails with `error`.
  private static func operations(failing: Int, error: Int32, calls: @escaping @Sendable () -> Int) -> FileOperations {
    let real = FileOperations.system
    @Sendable func fails() -> Bool { calls() == failing }
    return FileOperations(
      create: { fails() ? -Int(error) : real.create($0) },
      // A full disk takes a part before it refuses.
      write: { fails() ? -Int(error) : real.write($0, UnsafeRawBufferPointer(rebasing: $1.prefix(5))) },
      synchronize: { fails() ? -Int(error) : real.synchronize($0) },
      close: { descriptor in
        let result = real.close(descriptor)
        return fails() ? -Int(error) : result
      },
      rename: { fails() ? -Int(error) : real.rename($0, $1) }, remove: real.remove, openFolder: real.openFolder)
  }

  @Test(arguments: [ENOSPC, EIO, EDQUOT], 0..<9)
  func everyFailureLeavesTheOldFileOrTheNew(error: Int32, failing: Int) throws {
    let folder = TemporaryFolder()
    let path = folder.write("w", "old")
    let counter = Atomic(0)
    let operations = Self.operations(failing: failing, error: error) {
      counter.wrappingAdd(1, ordering: .relaxed).oldValue
    }
    var failure: DataError?
    do throws(DataError) {
      var file = try AtomicFile(path, operations: operations)
      try file.write("something new")
      try file.commit()
    } catch { failure = error }
    let content = String(decoding: try InputFile(path).bytes(), as: UTF8.self)
    #expect(folder.names == ["w"])
    if let failure {
      #expect(failure.kind == (failing == 0 ? .cannotCreate : .inputOutput))
      #expect(failure.path == path)
      // Only the folder's own synchronisation comes after the new name.
      #expect(content == (failing == 7 ? "something new" : "old"))
    } else {
      #expect(failing == 8)
      #expect(content == "something new")
    }
  }

  @Test func dropsWhatIsNotCommitted() throws {
    let folder = TemporaryFolder()
    do {
      var file = try AtomicFile(folder.path + "/x")
      try file.write("half")
    }
    #expect(folder.names.isEmpty)
  }

  @Test func replacesAFileAndNamesWhatCannotBeCreated() throws {
    let folder = TemporaryFolder()
    let path = folder.write("x", "old")
    var file = try AtomicFile(path)
    try file.write("new")
    #expect(String(decoding: try InputFile(path).bytes(), as: UTF8.self) == "old")
    try file.commit()
    #expect(String(decoding: try InputFile(path).bytes(), as: UTF8.self) == "new")
    try expectError(.cannotCreate, "no such file or folder", "none/x") {
      let file = try AtomicFile(folder.path + "/none/x")
      try file.commit()
    }
    try expectError(.cannotCreate, "not the name of a file") { try AtomicFile("folder/").commit() }
    try expectError(.cannotCreate, "is a folder") { try AtomicFile(folder.path).commit() }
  }

  @Test func knowsTheFolderOfAPath() {
    #expect(AtomicFile.folder(of: "a/b/c") == "a/b")
    #expect(AtomicFile.folder(of: "c") == ".")
    #expect(AtomicFile.folder(of: "/c") == "/")
    #expect(InputFile.resolve("a", in: "b") == "b/a")
    #expect(InputFile.resolve("/a", in: "b") == "/a")
    #expect(InputFile.resolve("a", in: ".") == "a")
  }
}

@Test func linksStayLinksAndDevicesStayDevices() throws {
  let folder = TemporaryFolder()
  let (target, link, pipe) = (folder.path + "/target", folder.path + "/link", folder.path + "/pipe")
  for (path, text) in [(target, "old"), (link, "new")] {
    if path == link { #expect(symlink(target, link) == 0) }
    var file = try AtomicFile(path)
    try file.write(text)
    try file.commit()
  }
  #expect(try InputFile(target).bytes() == Array("new".utf8))
  var status = stat()
  #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  #expect(mkfifo(pipe, 0o600) == 0)
  for path in [pipe, "/dev/null", folder.path] {
    #expect(throws: DataError.self) { _ = try AtomicFile(path) }
  }
}
