import Differentiation
import Kernels
import Support
import Tensors
import Testing

/// Each operation with activations in 16 bits, beside the same with floats.
@Suite struct PrecisionTests {
  private struct Pass {
    let output: StoredTensor
    let floats: [Float]
    let inputGradient: [Float]
    let gradient: [Float]
  }

  private func run(_ operation: KeptTests.Case, _ precision: Precision) throws -> Pass {
    let layout = FlatLayout(operation.entries)
    let weights = FlatStore.weights(layout)
    let values = randomTensor([layout.weightCount], seed: 3)
    for place in 0..<layout.weightCount { weights.pointer[place] = 1 + values.pointer[place] / 2 }
    let gradient = FlatStore.gradient(layout)
    let tape = Tape(
      Parameters(weights: weights, gradient: gradient), mode: .training,
      pool: ThreadPool(threads: 1), precision: precision,
      randomness: Randomness(seed: 1, epoch: 0, positions: [0, 1]))
    // On the tape, so that its gradient waits as those of other values do.
    let x = Variable(randomTensor(operation.input, seed: 1), needsGradient: true, on: tape)
    let y = operation.function(x, tape)
    let floats = y.value(on: tape).values
    y.receiveGradient(sharing: randomTensor(y.shape, seed: 2), pool: tape.pool)
    tape.backward()
    return Pass(
      output: y.stored, floats: floats, inputGradient: try #require(x.takeGradient()).values,
      gradient: layout.parameters.map { gradient.pointer[$0] })
  }

  /// Relative to the size of all.
  private func error(_ found: [Float], _ expected: [Float]) -> Double {
    let square = expected.reduce(0) { $0 + Double($1) * Double($1) }
    let distance = zip(found, expected).reduce(0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
    return (distance / max(square, 1e-12)).squareRoot()
  }

  /// A rounding to 8 bits moves a number by 0.0017 of its size on the average; some meet, and sums shrink by signs.
  @Test(arguments: KeptTests.cases, [Precision.bf16, .fp16])
  func `rounds what it hands on, and no more`(
    _ operation: KeptTests.Case, _ precision: Precision
  ) throws {
    let exact = try run(operation, .fp32)
    let rounded = try run(operation, precision)
    let isLarge = exact.output.shape.rank >= 3
    #expect(rounded.output.format == precision.activations || !isLarge)
    let tolerance = precision == .bf16 ? 0.02 : 0.0025
    #expect(error(rounded.floats, exact.floats) < tolerance)
    #expect(error(rounded.inputGradient, exact.inputGradient) < tolerance)
    #expect(error(rounded.gradient, exact.gradient) < tolerance)
  }
}
