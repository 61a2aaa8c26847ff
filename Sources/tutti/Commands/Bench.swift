import ArgumentParser
import Files

/// `tutti bench`: how fast this machine is at the parts of a training and the whole of it.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures speed and memory: whole steps, single operations, loading, the exchange.",
    discussion: """
      docs/benchmarks compares steps with PyTorch's.

      EXAMPLES
        RANKS=2 launch/local bench step --model resnet50 --batch 16
        tutti bench inference --model resnet18 --batch 1 --threads 1
        tutti bench kernels --model resnet18 --threads 1
      """,
    subcommands: [
      BenchStep.self, BenchInference.self, BenchKernels.self, BenchLoader.self, BenchAllReduce.self,
    ])

  /// One line of JSON with sorted keys such as `step_milliseconds`.
  static func json(_ result: some Encodable) throws -> String {
    try JSONText.encode(result, inSnakeCase: true)
  }
}

/// Throws when an option's number is none of the range: below it there is nothing to measure, and above
/// it no machine to do it in time.
func require(_ value: Int, in range: ClosedRange<Int>, for option: String) throws(ValidationError) {
  if !range.contains(value) {
    throw ValidationError(
      "\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound), not \(value)"
    )
  }
}

/// What the options of the benchmarks may be.
enum BenchLimits {
  static let images = 1...65_536
  /// As many CPUs as a mask has room for.
  static let threads = 1...1024
  static let repetitions = 1...1_000_000
  /// Of a gradient: beyond the largest model's by far, and within MPI's counts of 32 bits.
  static let megabytes = 1...8_000
  static let microBatches = 1...65_536
  static let photos = 1...100_000_000
  static let seconds = 86_400.0
}
