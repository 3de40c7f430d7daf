import ArgumentParser
import Datasets
import Source

/// `netc new TEMPLATE [FOLDER]`
struct NewCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Makes a folder with a net and data to begin with; without a template, lists them.")

  @Argument(help: ArgumentHelp("The template.", valueName: "template"))
  var template: String?
  @Argument(help: ArgumentHelp("The new folder; called as the template without it.", valueName: "folder"))
  var folder: String?

  mutating func execute() throws(Failure) {
    guard let name = template else {
      var table = TextTable(rightAligned: [])
      for template in templates { table.rows.append([template.name, template.summary]) }
      Terminal.result(table.text + "\nnetc new TEMPLATE makes a folder with a .net file and its data\n")
      return
    }
    guard let template = templates.first(where: { $0.name == name }) else {
      let names = templates.map { $0.name }
      let close = closestSpelling(of: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
      throw Failure(
        .usage, "there is no template `\(DisplayText.escaped(name))`\(close)",
        help: "there are \(names.joined(separator: ", "))")
    }
    let folder = folder ?? name
    try RunFolder.check(folder)
    for (path, bytes) in template.files {
      try RunFolder.makeFolders(AtomicFile.folder(of: folder + "/" + path))
      do throws(DataError) {
        var file = try AtomicFile(folder + "/" + path)
        try file.write(bytes)
        try file.commit()
      } catch { throw Failure(error) }
    }
    let net = folder + "/" + (template.files.first?.path ?? "")
    Terminal.result("\(net): \(template.summary)\nnow: netc run \(net)\n")
  }
}
