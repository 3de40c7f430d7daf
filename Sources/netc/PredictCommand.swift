import ArgumentParser
import Datasets
import Driver
import Execution
import Generation
import Semantics
import Source
import Training

/// `netc predict RUN INPUT…`
struct PredictCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract:
      "Asks a trained net: names the class of a picture, a row or a text, predicts numbers, answers or continues a text."
  )

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"), completion: .directory)
  var run: String
  @Argument(
    help: ArgumentHelp(
      "Pictures or folders of them; tables or rows of numbers such as 5.1,3.5; or texts: what the net has learnt from.",
      valueName: "input"))
  var texts: [String]
  @Option(help: "text, json or csv.")
  var format: TableFormat = .text
  @Option(help: "How many pieces a language model adds; 200 without it.")
  var length: Int?
  @Option(
    help:
      "How boldly a net that writes texts chooses: 0, as without it, takes the likeliest piece, 1 draws as it has learnt."
  )
  var temperature: Double?
  @Option(help: "How many texts are followed at once in search of the likeliest one; 1 without it.")
  var beam: Int?
  @Option(help: "The seed of the draws; 1 without it.")
  var seed: UInt64?
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if let temperature, !(0...100).contains(temperature) {
      throw ValidationError("--temperature is 0 to 100, got \(temperature)")
    }
    if let length, !(1...1_000_000).contains(length) {
      throw ValidationError("--length is 1 to 1000000, got \(length)")
    }
    if let beam, !(1...64).contains(beam) { throw ValidationError("--beam is 1 to 64, got \(beam)") }
    let isDrawn = (temperature ?? 0) > 0
    if isDrawn, (beam ?? 1) > 1 { throw ValidationError("--beam and --temperature exclude each other") }
    if seed != nil, !isDrawn { throw ValidationError("--seed is for draws, which --temperature above 0 makes") }
  }

  mutating func execute() throws(Failure) {
    try StandardInput.checkArguments()
    let net = try TrainedNet(run, threads: threads.count)
    if let prediction = ExamplePrediction(net) {
      try refuse(length: length != nil, others: true, "writes no text")
      try prediction.tell(texts, format: format)
      return
    }
    let (file, model) = (net.file, net.model)
    var reader = try TextReader(
      file, model, weights: net.weights, encoders: net.encoders, threads: threads.count, beam: beam ?? 1)
    if reader.writes {
      try refuse(length: length != nil && !reader.continues, others: false, "writes texts of their own length")
    } else {
      try refuse(length: length != nil, others: true, "writes no text")
    }
    var choice = PieceChoice(temperature: temperature ?? 0, seed: seed ?? 1)
    var replies: [TextReader.Reply] = []
    for (index, text) in texts.enumerated() {
      let origin = "the command line: text \(index + 1)"
      if FolderListing.exists(text) {
        Terminal.warn(
          ofFileNamedBy: text, origin: origin, reads: "texts themselves: `\"$(cat FILE)\"` gives that of a file")
      }
      let reply = try reader.answer(text, origin: origin, length: length ?? 200, &choice, beam: beam ?? 1)
      if format == .text { Terminal.result(reply.line + "\n") } else { replies.append(reply) }
    }
    switch format {
    case .text: break
    case .json: Terminal.result(JSON.array(replies.map(\.json)).text + "\n")
    case .csv:
      let rows = (replies.first.map { [$0.titles] } ?? []) + replies.map(\.fields)
      Terminal.result(rows.map { $0.map(csvField).joined(separator: ",") + "\n" }.joined())
    }
  }

  /// Refuses options that were given and mean nothing for the net at hand.
  /// - Parameter others: whether those for the choice of pieces mean nothing either.
  private func refuse(length isRefused: Bool, others: Bool, _ reason: String) throws(Failure) {
    let given = [
      ("--length", isRefused), ("--beam", others && beam != nil), ("--temperature", others && temperature != nil),
      ("--seed", others && seed != nil),
    ]
    guard let option = given.first(where: \.1)?.0 else { return }
    throw Failure(.usage, "\(option) has no meaning here: the net of \(run) \(reason)", help: "leave it out")
  }
}
