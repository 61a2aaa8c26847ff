import Files
import ArgumentParser
import Benchmarks
import DataParallel
import MPI
import Reporting

struct BenchStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Trains on random images for some steps: images a second and memory.",
    discussion: """
      A step is what it is in tutti train: forward, backward, label smoothing, the sum over ranks, \
      clipping and AdamW. Under mpirun, images a second are those of all ranks together.

      EXAMPLES
        tutti bench step --model resnet18 --batch 16 --threads 1
        mpirun -n 2 --bind-to core tutti bench step --model resnet50 --threads 1 --json
      """)

  @OptionGroup var net: BenchNetOptions

  @Option(help: ArgumentHelp("Images of each rank in a step.", valueName: "images"))
  var batch = 16

  @Option(
    help: ArgumentHelp(
      "Images of one forward and backward pass; by default the batch.", valueName: "images"))
  var microBatch: Int?

  @Option(
    help: ArgumentHelp(
      "Compute threads of each rank; by default its share of the cores.", valueName: "threads"))
  var threads: Int?

  @Option(help: ArgumentHelp("Steps that are measured; the median counts.", valueName: "steps"))
  var steps = 5

  @Option(help: ArgumentHelp("Steps before those.", valueName: "steps"))
  var warmUp = 2

  @OptionGroup var storing: BenchPrecisionOptions

  @Flag(help: "Run the net's blocks again in backward, as training.recompute=blocks of a recipe.")
  var recompute = false

  @OptionGroup var output: JSONOptions

  @OptionGroup var waiting: WaitOptions

  func validate() throws {
    try require(batch, in: BenchLimits.images, for: "--batch")
    try require(microBatch ?? 1, in: BenchLimits.images, for: "--micro-batch")
    try require(threads ?? 1, in: BenchLimits.threads, for: "--threads")
    try require(steps, in: BenchLimits.repetitions, for: "--steps")
    try require(warmUp, in: 0...BenchLimits.repetitions.upperBound, for: "--warm-up")
    if let microBatch, batch % microBatch != 0 {
      throw ValidationError("--micro-batch \(microBatch) doesn't divide --batch \(batch)")
    }
  }

  func run() {
    runWithMPI(waiting) { world in
      var setup = StepBenchmark.Setup()
      setup.model = net.model
      setup.batch = batch
      setup.microBatch = microBatch ?? batch
      setup.size = net.size
      setup.precision = storing.precision
      setup.recomputes = recompute
      setup.threads = threads
      setup.steps = steps
      setup.warmup = warmUp
      let result = try StepBenchmark.measure(setup, world: world)
      if world.communicator.isFirst {
        print(output.isJSON ? try Bench.json(result) : text(result))
      }
      return .done
    }
  }

  private func text(_ result: StepBenchmark) -> String {
    let ranks = "\(result.ranks) rank\(result.ranks == 1 ? "" : "s")"
    let threads = "\(result.threads) thread\(result.threads == 1 ? "" : "s")"
    return """
      \(result.model), batch \(result.batch) of \(result.size)×\(result.size) pixels, \(ranks) × \
      \(threads)
      cpu       \(result.processor)
      speed     \(NumberText.fixed(result.imagesPerSecond, 2)) images/s, \
      \(NumberText.fixed(result.stepMilliseconds, 0)) ms a step
      memory    \(ByteCount(result.peakMemoryBytes)) per rank at most, \
      \(ByteCount(result.tensorPeakBytes)) of it tensors \
      (\(ByteCount(result.forecastTensorBytes)) were told before)
      """
  }
}
