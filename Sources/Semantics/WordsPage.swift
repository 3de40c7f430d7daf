import Vocabulary

/// The words of the language, read from the catalogues: `docs/words.md` and `netc words`.
package enum WordsPage {
  /// Words that stand in one place of a file.
  private struct Section {
    var title: String
    var place: String
    var words: [any Word.Type]
  }

  private static var sections: [Section] {
    [
      Section(title: "Layers", place: "Stages of a flow: `x -> conv(64, 3) -> relu`.", words: layerCatalogue),
      Section(
        title: "Values", place: "Declared by `layer p: …` and then named: `x + p`.", words: valueCatalogue),
      Section(
        title: "Functions", place: "Make one tensor of several, and start a flow: `concat(a, b) -> relu`.",
        words: functionCatalogue),
      Section(
        title: "Losses", place: "What `loss` is, or a sum of them: `cross_entropy(a, y) + 0.3 * mse(b, z)`.",
        words: lossCatalogue),
      Section(
        title: "Metrics",
        place: "The elements of `metrics`. Without arguments they read what the loss reads.", words: metricCatalogue),
      Section(title: "Optimizers", place: "What `optimizer` is.", words: optimizerCatalogue),
      Section(
        title: "Schedules",
        place: "What `schedule` is; `warmup` may stand before another: `warmup(500 steps) -> cosine`.",
        words: scheduleCatalogue),
      Section(
        title: "Initialisers",
        place: "What `init` is, for the whole net in `train` or for one layer: `linear(8, init=zeros)`.",
        words: initializerCatalogue),
      Section(
        title: "Data", place: "What `data` and `validation` begin with. [data.md](data.md) says more.",
        words: dataSourceCatalogue),
      Section(
        title: "Transforms", place: "Stages behind data: `digits(\"train\") -> scale(1 / 16)`.",
        words: dataTransformCatalogue),
      Section(title: "Rules", place: "What `checkpoint`, `early_stop` and `weights` are.", words: ruleCatalogue),
    ]
  }

  /// The document.
  package static var text: String {
    let settings = SettingName.allCases.map { "| `\($0.rawValue)` | \($0.documentation) |\n" }.joined()
    let contents = sections.map { section in
      let names = section.words.sorted { $0.name < $1.name }.map { "`\($0.name)`" }
      return "- [\(section.title)](#\(section.title.lowercased())): \(names.joined(separator: " "))\n"
    }
    return """
      # Every word of the language

      Generated from the words themselves; `netc words` prints it, and `netc words NAME` one of them. An argument without `=` is required, what
      stands behind `=` holds when it is left out. Arguments behind `*` are given by name only. Sizes are those of one example, channels first;
      parameters have PyTorch's names and layouts.

      \(contents.joined())- [Settings](#settings) of `train`

      """ + sections.map(text).joined() + """

        ## Settings

        The lines of a `train` section, besides `target name: type`. `data`, `loss`, `optimizer` and one of `epochs` and `steps` are required.

        | setting | what it is |
        |---|---|
        \(settings)
        """
  }

  /// What is said of the words called `name`; empty when there is none.
  package static func text(of name: String) -> String {
    var found = sections.flatMap { section in
      section.words.filter { $0.name == name }.map { text($0, of: section.title.lowercased()) }
    }
    if let setting = SettingName(rawValue: name) {
      found.append("### `\(name) = …` (settings)\n\n\(setting.documentation)\n")
    }
    return found.joined(separator: "\n")
  }

  /// Every name that `text(of:)` knows, sorted.
  package static var names: [String] {
    Set(sections.flatMap { $0.words.map { $0.name } } + SettingName.allCases.map(\.rawValue)).sorted()
  }

  private static func text(_ section: Section) -> String {
    "\n## \(section.title)\n\n\(section.place)\n"
      + section.words.sorted { $0.name < $1.name }.map { "\n" + text($0, of: nil) }.joined()
  }

  private static func text(_ word: any Word.Type, of title: String?) -> String {
    var result = "### `\(signature(word))`\(title.map { " (\($0))" } ?? "")\n\n\(word.documentation)\n"
    if word.schema.isEmpty { return result }
    result += "\n| argument | must be | when left out |\n|---|---|---|\n"
    for argument in word.schema {
      let otherwise: String
      switch argument.presence {
      case .required: otherwise = "required"
      case .optional(let text): otherwise = isValue(text) ? "`\(text)`" : text
      }
      let repeated = argument.isRepeated ? ", any number of them" : ""
      result += "| `\(argument.name)` | \(escaped(argument.kind.description))\(repeated) | \(escaped(otherwise)) |\n"
    }
    if let kind = word.namedTensors {
      result += "| an input or target by its name | \(escaped(kind.description)) | |\n"
    }
    return result
  }

  /// `conv(out, kernel, stride=1, *, groups=1)`.
  private static func signature(_ word: any Word.Type) -> String {
    if word.schema.isEmpty { return word.name }
    var parts: [String] = []
    for argument in word.schema {
      if argument.isNamedOnly, !parts.contains("*") { parts.append("*") }
      switch argument.presence {
      case .required: parts.append(argument.name)
      case .optional(let text): parts.append(argument.name + "=" + (isValue(text) ? text : "…"))
      }
      if argument.isRepeated { parts.append("…") }
    }
    return "\(word.name)(\(parts.joined(separator: ", ")))"
  }

  /// Whether the text of a default is a value rather than words about one.
  private static func isValue(_ text: String) -> Bool { !text.contains(" ") || text.hasPrefix("[") }

  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

extension SettingName {
  /// One sentence for hovers and the reference.
  package var documentation: String {
    switch self {
    case .data: "Where training examples come from, and how they are prepared: `csv(…) -> standardize`."
    case .validation:
      "Examples that are measured after each epoch and not learnt from: a source, or `split(data, 0.2)`."
    case .loss: "What training makes small: a loss, or a sum of losses with weights."
    case .metrics: "What is measured on the validation, as a list: `[accuracy, top_k(5)]`; one alone needs no `[ ]`."
    case .optimizer: "How weights follow their gradients: `adam(lr=1e-3)`."
    case .schedule: "How the learning rate changes: `warmup(5 epochs) -> cosine(to=0)`. Without it the rate stays."
    case .initializer: "The first values of weights: `kaiming_normal`. Without it each layer has PyTorch's."
    case .weights: "A safetensors file with weights to start from."
    case .freeze: "The layers whose weights stay as they are, by their paths."
    case .batch: "How many examples make a step; `all` takes the whole set. 32 when left out."
    case .accumulate: "How many batches are added up before the weights change."
    case .epochs: "How often training goes through the data. Either this or `steps`."
    case .steps: "How many steps training takes. Either this or `epochs`."
    case .seed: "Fixes initial weights, order, dropout and augmentation. 0 when left out."
    case .precision: "The numbers that are computed with."
    case .precise: "Whether algorithms that round differently, such as Winograd's, are ruled out."
    case .checkpoint: "When the state of training is saved: `every(1 epoch, keep=3, best=val.accuracy)`."
    case .earlyStop: "When training ends before its time: `patience(3 epochs, on=val.loss)`."
    case .onBad: "What happens when an example cannot be read, or the loss is no longer a number."
    }
  }
}
