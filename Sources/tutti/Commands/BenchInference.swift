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

  @OptionGroup var net: BenchNetOptions

  @Option(help: ArgumentHelp("Images of one pass.", valueName: "images"))
  var batch = 1

  @OptionGroup var computing: BenchThreadOptions

  @Option(help: ArgumentHelp("How long to measure; the median counts.", valueName: "seconds"))
  var seconds = 3.0

  @OptionGroup var output: JSONOptions

  @OptionGroup var telling: QuietOption

  func validate() throws {
    try require(batch, in: BenchLimits.images, for: "--batch")
    if !(seconds > 0 && seconds <= BenchLimits.seconds) {
      throw ValidationError(
        "--seconds takes a number above 0, to \(Int(BenchLimits.seconds)) (a day), not \(seconds)")
    }
  }

  func run() {
    runAlone(telling) {
      let result = try InferenceBenchmark.measure(
        model: net.model, batch: batch, size: net.size, threads: computing.threads, seconds: seconds
      )
      print(output.isJSON ? try Bench.json(result) : text(result))
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
