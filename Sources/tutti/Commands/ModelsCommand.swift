import Files
import ArgumentParser
import Benchmarks
import DataParallel
import MPI
import Reporting

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists the models, their size and, if asked, their speed and memory here.",
    discussion: """
      Numbers are for 1000 classes and images of the paper's size. GFLOPs are those of one image's \
      forward pass, a multiplication and its addition counting as one; a training step takes three \
      times as many. --measure trains for some steps, as tutti bench step does.

      EXAMPLES
        tutti models
        tutti models --measure resnet18 efficientnet-lite0
      """)

  @Argument(
    help: ArgumentHelp("The models, as model.name of a recipe; by default all.", valueName: "name"))
  var names: [String] = []

  @Flag(help: "Measures training steps of 16 images on random photos: images a second and memory.")
  var measure = false

  @OptionGroup var output: JSONOptions

  @OptionGroup var waiting: WaitOptions

  /// A model in JSON, and what the table is made of.
  private struct Row: Encodable {
    let model: ModelSummary
    var step: StepBenchmark?
  }

  func run() {
    guard measure else {
      return runAlone { try show(summaries().map { Row(model: $0) }) }
    }
    runWithMPI(waiting) { world in
      let rows = try world.communicator.agree { try summaries() }.map { summary in
        var setup = StepBenchmark.Setup()
        setup.model = summary.name
        setup.size = summary.imageSize
        setup.steps = 3
        setup.warmup = 1
        return Row(model: summary, step: try StepBenchmark.measure(setup, world: world))
      }
      if world.communicator.isFirst { try show(rows) }
      return .done
    }
  }

  private func summaries() throws -> [ModelSummary] {
    try (names.isEmpty ? ModelSummary.names : names).map { try ModelSummary($0) }
  }

  private func show(_ rows: [Row]) throws {
    if output.isJSON { print(try Bench.json(rows)) } else { Console().text(table(rows)) }
  }

  private func table(_ rows: [Row]) -> String {
    let head = ["model", "parameters", "GFLOPs", "file", "images"]
    let cells = rows.map { row in
      [
        row.model.name, "\(NumberText.fixed(Double(row.model.parameters) * 1e-6, 2)) M",
        NumberText.fixed(row.model.gflops, 2), ByteCount(row.model.fileBytes).description,
        "\(row.model.imageSize)²",
      ]
        + (row.step.map { step in
          [
            NumberText.fixed(step.imagesPerSecond, 2), ByteCount(step.peakMemoryBytes).description,
          ]
        } ?? [])
    }
    let table = TextTable.aligned(
      [head + (measure ? ["images/s", "memory"] : [])] + cells)
    guard let step = rows.first?.step else { return table }
    return """
      \(table)
      images/s and memory in training: batch \(step.batch), \(step.ranks) \
      rank\(step.ranks == 1 ? "" : "s") × \(step.threads) thread\(step.threads == 1 ? "" : "s"), \
      \(step.processor)

      """
  }
}
