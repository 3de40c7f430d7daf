import ArgumentParser
import LanguageServer
import Source

/// `netc lsp`
struct LSPCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "lsp",
    abstract: "Serves editors: the Language Server Protocol over standard input and output.",
    discussion: "Editors start it. It ends with 0 after shutdown and exit, else with 1.")

  mutating func execute() throws(Failure) {
    let server = LanguageServer(
      FileAccess(
        resolve: CheckedFile.resolved, read: CheckedFile.imported,
        list: { FolderListing.files(below: $0, suffix: ".net", limit: 1000) },
        contents: { FolderListing.contents(of: $0, suffix: ".net", limit: 1000) }),
      version: Netc.version)
    var stream = MessageStream()
    var status = ExitStatus.success.rawValue
    reading: while true {
      let bytes = try StandardInput.next()
      if bytes.isEmpty {
        status = server.statusAtEnd
        break
      }
      stream.append(bytes)
      while let event = stream.next() {
        switch event {
        case .message(let body): server.receive(body)
        case .unusable(let problem): server.reject(problem)
        }
        if let exit = server.exitStatus {
          status = exit
          break reading
        }
      }
      server.settle()
      Terminal.result(server.takeOutgoing())
    }
    Terminal.result(server.takeOutgoing())
    if status != 0 { throw Failure(.diagnostics, "") }
  }
}
