/// `pretrained("resnet18.safetensors", new=[fc])`: where training starts.
package enum PretrainedRule: Word {
  package static let name = "pretrained"
  package static let documentation =
    "Starts from the weights in a safetensors file, except for the parameters under the paths `new`, which the file may lack or have in other shapes. What the file has under the paths `unused` is left alone, such as a head that the net does not have."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("file", .text),
    .optional("new", .either([.name, .list(.name, count: 1...Int.max)]), "none", namedOnly: true),
    .optional("unused", .either([.name, .list(.name, count: 1...Int.max)]), "none", namedOnly: true),
  ]

  package static func settings(_ arguments: Arguments) -> PretrainedSettings {
    func paths(_ name: String) -> [String] { arguments.text(name).map { [$0] } ?? arguments.texts(name) }
    return PretrainedSettings(file: arguments.text("file") ?? "", new: paths("new"), unused: paths("unused"))
  }
}

/// `pretrained("resnet18.safetensors", new=[fc])`, evaluated.
package struct PretrainedSettings: Hashable, Sendable {
  /// A safetensors file, relative to the folder of the `.net` file.
  package var file: String
  /// Paths of labels whose parameters keep their initial values.
  package var new: [String]
  /// Paths in the file whose tensors are not taken.
  package var unused: [String]

  package init(file: String, new: [String] = [], unused: [String] = []) {
    self.file = file
    self.new = new
    self.unused = unused
  }
}
