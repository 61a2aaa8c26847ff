import ArgumentParser
import Benchmarks
import Reporting

struct BenchInference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inference",
    abstract: "Asks a net about random images: images a second.",
    discussion: """
      The forward pass of tutti predict and tutti evaluate in one process, on images that are already \
      decoded.

      EXAMPLES
        tutti bench inference --model resnet18 --batch 1 --threads 1
        tutti bench inference --model efficientnet-lite0 --batch 16 --json
      """)

  @Option(help: ArgumentHelp("The model's name, as model.name of a recipe.", valueName: "name"))
  var model = "resnet18"

  @Option(help: ArgumentHelp("Images of one pass.", valueName: "images"))
  var batch = 1

  @Option(help: ArgumentHelp("The side of the square images.", valueName: "pixels"))
  var size = 224

  @Option(help: ArgumentHelp("Compute threads; by default the cores.", valueName: "threads"))
  var threads: Int?

  @Option(help: ArgumentHelp("How long to measure; the median counts.", valueName: "seconds"))
  var seconds = 3.0

  @Flag(help: "Prints one JSON document and nothing else.")
  var json = false

  func validate() throws {
    try require(batch, atLeast: 1, for: "--batch")
    try require(threads ?? 1, atLeast: 1, for: "--threads")
    if !(seconds > 0 && seconds.isFinite) {
      throw ValidationError("--seconds \(seconds): must be positive")
    }
  }

  func run() {
    runAlone {
      let result = try InferenceBenchmark.measure(
        model: model, batch: batch, size: size, threads: threads, seconds: seconds)
      print(json ? try Bench.json(result) : text(result))
    }
  }

  private func text(_ result: InferenceBenchmark) -> String {
    """
    \(result.model), batch \(result.batch) of \(result.size)×\(result.size) pixels, \
    \(result.threads) thread\(result.threads == 1 ? "" : "s")
    cpu       \(result.processor)
    speed     \(NumberText.fixed(result.imagesPerSecond, 2)) images/s, \
    \(NumberText.fixed(result.passMilliseconds, 2)) ms a pass
    """
  }
}
