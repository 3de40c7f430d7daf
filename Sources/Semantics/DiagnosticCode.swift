import Source

/// The stable codes of what can be wrong with the meaning of a file. N1xx: nets; N2xx: training and `--set`; N3xx: warnings.
package enum DiagnosticCode: String, CaseIterable {
  case unknownLayer = "N101"
  case unknownName = "N102"
  case duplicateName = "N103"
  case statedSize = "N104"
  case inputKind = "N105"
  case window = "N106"
  case size = "N107"
  case promise = "N108"
  case blockInput = "N109"
  case unequalShapes = "N110"
  case elementCount = "N112"
  case duplicateParameter = "N113"
  case noOutput = "N114"
  case arithmetic = "N116"
  case assertion = "N117"
  case expansion = "N118"
  case condition = "N119"
  case missingArgument = "N120"
  case unknownArgument = "N121"
  case argumentKind = "N122"
  case repeatedArgument = "N123"
  case argumentValue = "N124"
  case notSupported = "N125"
  case importing = "N126"
  case tooLarge = "N127"
  case unknownType = "N128"
  case notATensor = "N130"
  case misplacedLayer = "N131"
  case sharedLayer = "N132"
  case missingSetting = "N201"
  case classes = "N202"
  case unknownSetting = "N203"
  case contradiction = "N204"
  case repeatedSetting = "N205"
  case settingValue = "N206"
  case unknownNet = "N207"
  case lossOperands = "N208"
  case metric = "N209"
  case notALoss = "N210"
  case noValidation = "N211"
  case dataNames = "N212"
  case batchStatistics = "N213"
  case unknownOverride = "N220"
  case probabilities = "N301"
  case unused = "N302"
  case redundantBias = "N303"
  case neverStops = "N304"
}

/// Collects diagnostics: none twice for one place, and not more than help.
struct Reporter {
  /// How many errors a run shows.
  static let limit = 20

  private(set) var diagnostics: [Diagnostic] = []
  private(set) var errorCount = 0
  private var seen: Set<Key> = []

  private struct Key: Hashable {
    var code: String
    var file: ObjectIdentifier
    var start: Int
  }

  mutating func report(_ diagnostic: Diagnostic) {
    let key = Key(
      code: diagnostic.code, file: ObjectIdentifier(diagnostic.span.file), start: diagnostic.span.start)
    guard seen.insert(key).inserted else { return }
    if diagnostic.severity == .error {
      errorCount += 1
      guard errorCount <= Reporter.limit else { return }
    }
    diagnostics.append(diagnostic)
  }
}
