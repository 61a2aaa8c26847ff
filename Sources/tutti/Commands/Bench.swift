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

/// Throws when an option's number is too small.
func require(_ value: Int, atLeast least: Int, for option: String) throws(ValidationError) {
  if value < least {
    throw ValidationError("\(option) takes a whole number from \(least) on, not \(value)")
  }
}
