/// `pretrained("resnet18.safetensors", new=[fc])`: where training starts.
package enum PretrainedRule: Word {
  package static let name = "pretrained"
  package static let documentation =
    "Starts from the weights in a safetensors file, except for the parameters under the paths `new`, which the file may lack or have in other shapes."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("file", .text),
    .optional("new", .either([.name, .list(.name, count: 1...Int.max)]), "none", namedOnly: true),
  ]

  package static func settings(_ arguments: Arguments) -> PretrainedSettings {
    PretrainedSettings(
      file: arguments.text("file") ?? "", new: arguments.text("new").map { [$0] } ?? arguments.texts("new"))
  }
}

/// `pretrained("resnet18.safetensors", new=[fc])`, evaluated.
package struct PretrainedSettings: Hashable, Sendable {
  /// A safetensors file, relative to the folder of the `.net` file.
  package var file: String
  /// Paths of labels whose parameters keep their initial values.
  package var new: [String]

  package init(file: String, new: [String] = []) {
    self.file = file
    self.new = new
  }
}
