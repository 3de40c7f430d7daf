import Vocabulary

/// The catalogues by name.
struct WordTable: Sendable {
  let layers = WordTable.byName(layerCatalogue) { $0.name }
  let values = WordTable.byName(valueCatalogue) { $0.name }
  let functions = WordTable.byName(functionCatalogue) { $0.name }
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
  "globalavgpool": "adaptive_avg_pool", "view": "reshape", "lrelu": "leaky_relu", "maxpooling2d": "max_pool",
  "averagepooling2d": "avg_pool", "averagepooling": "avg_pool", "globalaveragepooling2d": "adaptive_avg_pool",
  "globalmaxpooling2d": "adaptive_max_pool", "adaptiveavgpool2d": "adaptive_avg_pool",
  "adaptivemaxpool2d": "adaptive_max_pool", "dropout2d": "dropout", "conv2dtranspose": "conv_transpose",
  "convtranspose2d": "conv_transpose", "deconv": "conv_transpose", "upsampling2d": "upsample", "swish": "silu",
  "layernormalization": "layer_norm", "multiheadattention": "attention", "selfattention": "attention",
  "multiheadselfattention": "attention", "globalmean": "mean", "zeropadding2d": "pad",
]
let argumentSynonyms: [String: String] = [
  "padding": "pad", "strides": "stride", "kernelsize": "kernel", "size": "kernel", "filters": "out",
  "outchannels": "out", "outfeatures": "out", "units": "out", "inchannels": "inputs", "infeatures": "inputs",
  "paddingmode": "pad_mode", "dilationrate": "dilation", "usebias": "bias", "epsilon": "eps", "rate": "p",
  "probability": "p", "startdim": "from", "dropoutrate": "p", "channels": "out", "classes": "out", "learningrate": "lr",
  "labelsmoothing": "smoothing", "ignoreindex": "ignore", "poolsize": "kernel",
]
/// The same of arguments that only some words have.
let argumentSynonymsOfWord: [String: [String: String]] = [
  "lstm": recurrentSynonyms, "gru": recurrentSynonyms, "rnn": recurrentSynonyms,
  "attention": ["numheads": "heads", "nheads": "heads", "nhead": "heads", "keydim": "head_dim"],
  "embedding": [
    "inputdim": "n", "numembeddings": "n", "vocabsize": "n", "vocab": "n", "embeddingdim": "d", "outputdim": "d",
  ],
]
private let recurrentSynonyms = ["units": "width", "hiddensize": "width", "hidden": "width"]
let functionSynonyms: [String: String] = ["maximum": "max", "minimum": "min", "round": "floor", "int": "floor"]
let lossSynonyms: [String: String] = [
  "bce": "binary_cross_entropy", "bceloss": "binary_cross_entropy", "bcewithlogitsloss": "binary_cross_entropy",
  "nll": "cross_entropy", "nllloss": "cross_entropy", "categoricalcrossentropy": "cross_entropy",
  "sparsecategoricalcrossentropy": "cross_entropy", "softmaxcrossentropy": "cross_entropy", "l1loss": "mae",
  "l1": "mae",
  "l2": "mse", "meansquarederror": "mse", "meanabsoluteerror": "mae", "binarycrossentropyloss": "binary_cross_entropy",
]
/// Optimizers, schedules, metrics, initialisers and transforms of data.
let settingWordSynonyms: [String: String] = [
  "acc": "accuracy", "meansquarederror": "mse", "meanabsoluteerror": "mae", "steplr": "step", "multistep": "step",
  "cosineannealing": "cosine", "cosineannealinglr": "cosine", "reducelronplateau": "plateau",
  "glorotuniform": "xavier_uniform",
  "glorotnormal": "xavier_normal", "heuniform": "kaiming_uniform", "henormal": "kaiming_normal", "totensor": "scale",
  "rocauc": "auc", "auroc": "auc", "tokenize": "words", "tokens": "words", "tokenizer": "words", "token": "words",
  "bpe": "sentencepiece",
  "loadcsv": "csv", "readcsv": "csv", "opencsv": "csv", "horizontalflip": "flip", "randomhorizontalflip": "flip",
  "randomrotation": "rotate", "colorjitter": "jitter",
]
let settingSynonyms: [String: String] = [
  "iterations": "steps", "iters": "steps", "numsteps": "steps", "maxsteps": "steps", "numepochs": "epochs",
  "maxepochs": "epochs", "nepochs": "epochs", "batchsize": "batch", "dataset": "data", "val": "validation",
  "valid": "validation", "test": "validation", "criterion": "loss", "objective": "loss", "scheduler": "schedule",
  "earlystopping": "early_stop", "epoch": "epochs", "randomseed": "seed", "optim": "optimizer",
]
