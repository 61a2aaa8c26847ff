import ArgumentParser
import Benchmarks
import Datasets
import Experiments
import Recipes
import Reporting

struct BenchLoader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loader",
    abstract: "Reads, decodes and augments photos: images a second, and the share of each stage.",
    discussion: """
      The photos are loaded once before the measurement, so that the system has the files in memory.

      EXAMPLES
        With the transforms that a recipe has by default:
          tutti bench loader --data photos --threads 1

        With those of a recipe, as in training:
          tutti bench loader --data photos --recipe mine.yaml --threads 1
      """)

  @Option(
    help: ArgumentHelp("The photos, as for tutti train.", valueName: "path"), completion: .file())
  var data: String

  @OptionGroup var options: RecipeFileOptions

  @Option(
    help: ArgumentHelp(
      "training, or evaluation: without what is random.", valueName: "steps"))
  var pipeline = LoaderBenchmark.Steps.training

  @Option(
    help: ArgumentHelp(
      "The side of the square images; by default the recipe's.", valueName: "pixels"))
  var size: Int?

  @OptionGroup var computing: BenchThreadOptions

  @Option(help: ArgumentHelp("The most photos to load, from all classes.", valueName: "photos"))
  var photos = 1000

  @OptionGroup var output: JSONOptions

  @OptionGroup var telling: QuietOption

  func validate() throws {
    try require(photos, in: BenchLimits.photos, for: "--photos")
  }

  func run() {
    runAlone(telling) {
      let asked = try options.makeRecipe(
        photos: data, overridingWith: size.map { ["model.image-size=\($0)"] } ?? [])
      let dataset = try Dataset.open(
        path: asked.data.path, groupBy: asked.data.groupBy,
        severalLabels: asked.data.hasSeveralLabels
      )
      .decoded(by: asked.data.decoding)
      let recipe = try asked.settledByWeights(
        of: options.savedRecipe, channels: dataset.channels)
      let result = try LoaderBenchmark.measure(
        recipe, dataset, pipeline, threads: computing.threads, limit: photos)
      print(output.isJSON ? try Bench.json(result) : text(result))
    }
  }

  private func text(_ result: LoaderBenchmark) -> String {
    """
    \(result.photos) photos to \(result.size)×\(result.size) pixels on \(result.threads) \
    thread\(result.threads == 1 ? "" : "s")
    speed     \(NumberText.fixed(result.imagesPerSecond, 0)) images/s, \
    \(NumberText.fixed(result.imagesPerSecondPerThread, 0)) a thread
    stages of a photo, on one thread
    """ + result.stages.map(line).joined()
  }
}

/// `  resize                  214 µs   18 %`
private func line(_ stage: LoaderBenchmark.Stage) -> String {
  func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
  return "\n  " + stage.name + right(NumberText.fixed(stage.microseconds, 0), 28 - stage.name.count)
    + " µs" + right(NumberText.fixed(100 * stage.share, 0), 5) + " %"
}

extension LoaderBenchmark.Steps: ExpressibleByArgument {}
