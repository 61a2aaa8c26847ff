import ArgumentParser
import Benchmarks
import DataParallel
import MPI
import Reporting

struct BenchAllReduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allreduce",
    abstract: "Sums a gradient over the ranks in the order of a training and returns the weights.",
    discussion: """
      This takes the place of an all-reduce in each step: partial sums go to the owners of slices, \
      which add them in an order that is the same for any number of ranks, and the weights come back.

      EXAMPLES
        mpirun -n 4 tutti bench allreduce --megabytes 100
        RANKS=2 launch/local bench allreduce --json
      """)

  @Option(
    help: ArgumentHelp("The gradient's size; ResNet-50 has 94.", valueName: "megabytes"))
  var megabytes = 100

  @Option(
    help: ArgumentHelp("Micro-batches of each rank, whose sums come first.", valueName: "count"))
  var microBatches = 1

  @OptionGroup var output: JSONOptions

  @OptionGroup var waiting: WaitOptions

  func validate() throws {
    try require(megabytes, in: BenchLimits.megabytes, for: "--megabytes")
    try require(microBatches, in: BenchLimits.microBatches, for: "--micro-batches")
  }

  func run() {
    runWithMPI(waiting) { world in
      let result = try ExchangeBenchmark.measure(
        megabytes: megabytes, microBatches: microBatches, world: world)
      if world.communicator.isFirst {
        print(output.isJSON ? try Bench.json(result) : text(result))
      }
      return .done
    }
  }

  private func text(_ result: ExchangeBenchmark) -> String {
    func milliseconds(_ value: Double) -> String { "\(NumberText.fixed(value, 1)) ms" }
    let count = result.microBatches
    let own = "\(count) micro-batch\(count == 1 ? "" : "es")"
    return """
      a gradient of \(result.megabytes) MB over \(result.ranks) rank\(result.ranks == 1 ? "" : "s"), \
      \(own) each
      addition  \(milliseconds(result.additionMilliseconds)), within a rank
      exchange  \(milliseconds(result.exchangeMilliseconds)), with addition and norm
      weights   \(milliseconds(result.weightsMilliseconds))
      speed     \(NumberText.fixed(result.gigabytesPerSecond, 2)) GB/s of gradient; each rank sends \
      \(NumberText.fixed(result.sentGigabytesPerSecond, 2)) GB/s
      """
  }
}
