import Source
import Syntax
import Vocabulary

/// The declarations of a file by name.
struct Program: Sendable {
  var nets: [String: NetSyntax] = [:]
  var netOrder: [NetSyntax] = []
  var constants: [String: ConstSyntax] = [:]
  var trains: [TrainSyntax] = []
  let comments: [CommentSyntax]
  let file: SourceFile

  /// Registers the declarations; duplicates are reported and left out.
  init(_ tree: FileSyntax, _ reporter: inout Reporter) {
    file = tree.file
    comments = tree.comments
    var places: [String: SourceSpan] = [:]
    func isNew(_ name: NameSyntax, _ reporter: inout Reporter) -> Bool {
      if name.isMissing { return false }
      if let first = places[name.text] {
        reporter.report(
          Diagnostic(
            DiagnosticCode.duplicateName.rawValue, .error, "`\(name.text)` is declared twice", at: name.span,
            secondary: [.init(first, "first declared here")]))
        return false
      }
      places[name.text] = name.span
      return true
    }
    for declaration in tree.declarations {
      switch declaration {
      case .import(let node):
        reporter.report(
          Diagnostic(
            DiagnosticCode.notSupported.rawValue, .error, "`import` is not supported yet", at: node.span,
            help: [.init("copy the nets, blocks and constants into this file")]))
      case .const(let node):
        if isNew(node.name, &reporter) { constants[node.name.text] = node }
      case .net(let node):
        if words.layers[node.name.text] != nil {
          reporter.report(
            Diagnostic(
              DiagnosticCode.duplicateName.rawValue, .error,
              "`\(node.name.text)` is a layer of the language; the \(node.kind.rawValue) needs another name",
              at: node.name.span))
        } else if isNew(node.name, &reporter) {
          nets[node.name.text] = node
          netOrder.append(node)
        }
      case .train(let node): trains.append(node)
      }
    }
  }
}

/// The catalogues by name.
struct WordTable: Sendable {
  let layers = WordTable.byName(layerCatalogue) { $0.name }
  let losses = WordTable.byName(lossCatalogue) { $0.name }
  let metrics = WordTable.byName(metricCatalogue) { $0.name }
  let optimizers = WordTable.byName(optimizerCatalogue) { $0.name }
  let schedules = WordTable.byName(scheduleCatalogue) { $0.name }
  let initializers = WordTable.byName(initializerCatalogue) { $0.name }
  let sources = WordTable.byName(dataSourceCatalogue) { $0.name }
  let transforms = WordTable.byName(dataTransformCatalogue) { $0.name }

  private static func byName<T>(_ catalogue: [T], _ name: (T) -> String) -> [String: T] {
    Dictionary(catalogue.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
  }
}

/// Every word of the language, looked up by name.
let words = WordTable()

/// What beginners write for words of the language, as other frameworks call them.
let layerSynonyms: [String: String] = [
  "dense": "linear", "fc": "linear", "fullyconnected": "linear", "affine": "linear", "conv2d": "conv", "conv1d": "conv",
  "convolution": "conv", "maxpool": "max_pool", "maxpool2d": "max_pool", "maxpooling": "max_pool",
  "avgpool": "avg_pool", "averagepool": "avg_pool", "avgpool2d": "avg_pool", "bn": "batch_norm",
  "batchnormalization": "batch_norm", "batchnorm2d": "batch_norm", "drop": "dropout", "logistic": "sigmoid",
  "globalavgpool": "adaptive_avg_pool", "view": "reshape", "lrelu": "leaky_relu",
]
let argumentSynonyms: [String: String] = [
  "padding": "pad", "strides": "stride", "kernelsize": "kernel", "size": "kernel", "filters": "out",
  "outchannels": "out", "outfeatures": "out", "units": "out", "inchannels": "inputs", "infeatures": "inputs",
  "paddingmode": "pad_mode", "dilationrate": "dilation", "usebias": "bias", "epsilon": "eps", "rate": "p",
  "probability": "p", "learningrate": "lr", "labelsmoothing": "smoothing", "ignoreindex": "ignore",
]
let settingSynonyms: [String: String] = [
  "batchsize": "batch", "lr": "optimizer", "learningrate": "optimizer", "dataset": "data", "val": "validation",
  "valid": "validation", "test": "validation", "criterion": "loss", "objective": "loss", "scheduler": "schedule",
  "earlystopping": "early_stop", "epoch": "epochs", "randomseed": "seed", "optim": "optimizer",
]
