import ArgumentParser
import Benchmarks
import Reporting

struct BenchKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Times each operation of a net's forward and backward pass against the machine.",
    discussion: """
      Operations are timed where they stand in the pass, those of the same shapes together. First two \
      loops measure what the machine can do: multiplications and additions a second (the peak), and \
      bytes a second to memory. GFLOP/s are counted by the definition of a convolution, so Winograd's \
      algorithm may exceed the peak. GB/s count what has to be read and written once. The roofline is \
      the time that the slower of the two would take at least.

      EXAMPLES
        tutti bench kernels --threads 1
        tutti bench kernels --model efficientnet-b0 --batch 8 --json
      """)

  @OptionGroup var net: BenchNetOptions

  @Option(help: ArgumentHelp("Images of the pass.", valueName: "images"))
  var batch = 16

  @OptionGroup var computing: BenchThreadOptions

  @Option(help: ArgumentHelp("Passes that are measured; medians count.", valueName: "passes"))
  var passes = 3

  @OptionGroup var storing: BenchPrecisionOptions

  @OptionGroup var output: JSONOptions

  @OptionGroup var telling: QuietOption

  func validate() throws {
    try require(batch, in: BenchLimits.images, for: "--batch")
    try require(passes, in: BenchLimits.repetitions, for: "--passes")
  }

  func run() {
    runAlone(telling) {
      let result = try KernelBenchmark.measure(
        model: net.model, batch: batch, size: net.size, precision: storing.precision,
        threads: computing.threads, passes: passes)
      print(output.isJSON ? try Bench.json(result) + "\n" : text(result), terminator: "")
    }
  }

  private func text(_ result: KernelBenchmark) -> String {
    func fixed(_ value: Double?, _ decimals: Int = 1) -> String {
      value.map { NumberText.fixed($0, decimals) } ?? "–"
    }
    func percent(_ share: Double?) -> String { share.map { "\(fixed($0 * 100, 0)) %" } ?? "–" }
    let head = [
      "operation", "part", "calls", "ms", "GFLOP/s", "GB/s", "of peak", "of roofline",
    ]
    let rows = result.rows.map { row in
      [
        row.operation, row.part.rawValue, "\(row.calls)", fixed(row.milliseconds),
        fixed(row.gigaflops), fixed(row.gigabytesPerSecond), percent(row.shareOfPeak),
        percent(row.shareOfRoofline),
      ]
    }
    let listed = result.rows.reduce(0) { $0 + $1.milliseconds }
    return """
      \(result.model), batch \(result.batch) of \(result.size)×\(result.size) pixels, \
      \(result.threads) thread\(result.threads == 1 ? "" : "s")
      cpu       \(result.processor)
      peak      \(fixed(result.peakGigaflops, 0)) GFLOP/s, memory \
      \(fixed(result.peakGigabytesPerSecond)) GB/s
      pass      \(fixed(result.passMilliseconds)) ms forward and backward, of which the operations \
      below \(fixed(listed)) ms

      \(TextTable.aligned([head] + rows, textColumns: [0, 1]))
      """
  }
}
