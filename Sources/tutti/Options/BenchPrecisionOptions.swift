import ArgumentParser
import Tensors

/// How activations wait in training.
struct BenchPrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How activations are stored, as precision of a recipe.", valueName: "word"))
  var precision = Precision.fp32
}

extension Precision: ExpressibleByArgument {}
