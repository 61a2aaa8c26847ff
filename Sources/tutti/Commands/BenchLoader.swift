import ArgumentParser
import Benchmarks
import Reporting

struct BenchLoader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loader",
    abstract: "Reads, decodes and resizes photos: images a second of each thread.",
    discussion: """
      The transforms are those that a recipe has by default. The photos are loaded once before the \
      measurement, so that the system has the files in memory.

      EXAMPLES
        tutti bench loader --data photos --threads 1
      """)

  @Option(
    help: ArgumentHelp("The photos, as for tutti train.", valueName: "path"), completion: .file())
  var data: String

  @Option(help: ArgumentHelp("The side of the square images.", valueName: "pixels"))
  var size = 224

  @OptionGroup var computing: BenchThreadOptions

  @Option(help: ArgumentHelp("The most photos to load, from all classes.", valueName: "photos"))
  var photos = 1000

  @OptionGroup var output: JSONOptions

  func validate() throws {
    try require(photos, in: BenchLimits.photos, for: "--photos")
  }

  func run() {
    runAlone {
      let result = try LoaderBenchmark.measure(
        data: data, size: size, threads: computing.threads, limit: photos)
      print(output.isJSON ? try Bench.json(result) : text(result))
    }
  }

  private func text(_ result: LoaderBenchmark) -> String {
    """
    \(result.photos) photos to \(result.size)×\(result.size) pixels on \(result.threads) \
    thread\(result.threads == 1 ? "" : "s")
    speed     \(NumberText.fixed(result.imagesPerSecond, 0)) images/s, \
    \(NumberText.fixed(result.imagesPerSecondPerThread, 0)) a thread
    """
  }
}
