import ArgumentParser
import Datasets
import Driver
import Execution
import Generation
import Semantics
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
  @Option(help: "text, json or csv; texts that the net writes are always text.")
  var format: TableFormat = .text
  @Option(help: "How many pieces a language model adds.")
  var length = 200
  @Option(help: "How boldly it chooses: 0 takes the likeliest piece, 1 draws as the net has learnt.")
  var temperature = 0.0
  @Option(help: "How many texts are followed at once in search of the likeliest one.")
  var beam = 1
  @Option(help: "The seed of the draws.")
  var seed: UInt64 = 1
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if !(0...100).contains(temperature) { throw ValidationError("--temperature is 0 to 100, got \(temperature)") }
    if !(1...1_000_000).contains(length) { throw ValidationError("--length is 1 to 1000000, got \(length)") }
    if !(1...64).contains(beam) { throw ValidationError("--beam is 1 to 64, got \(beam)") }
    if beam > 1 && temperature > 0 { throw ValidationError("--beam and --temperature exclude each other") }
  }

  mutating func execute() throws(Failure) {
    try StandardInput.checkArguments()
    let net = try TrainedNet(run, threads: threads.count)
    if let prediction = ExamplePrediction(net) {
      try prediction.tell(texts, format: format)
      return
    }
    let (file, model) = (net.file, net.model)
    var reader = try TextReader(
      file, model, weights: net.weights, encoders: net.encoders, threads: threads.count, beam: beam)
    var choice = PieceChoice(temperature: temperature, seed: seed)
    for text in texts { Terminal.result(try reader.answer(text, length: length, &choice, beam: beam) + "\n") }
  }
}
