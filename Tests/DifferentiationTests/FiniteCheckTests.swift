import Differentiation
import Support
import Tensors
import Testing

@Suite struct FiniteCheckTests {
  private static let layout = FlatLayout(
    TapeTests.layout.entries + [
      FlatEntry(name: "head.fc.weight", shape: [4, 3], kind: .weight, order: .transposed),
      FlatEntry(name: "head.fc.bias", shape: [3], kind: .vector),
    ])

  /// What is found in a pass of the residual block of `GradientTests`, pooled, and a linear layer.
  private func finding(
    _ replays: Bool = false, input: Float? = nil, outputGradient: Float? = nil,
    change: (FlatStore) -> Void = { _ in }
  ) -> String? {
    let weights = FlatStore.weights(Self.layout)
    let values = randomTensor([Self.layout.weightCount], seed: 5)
    weights.pointer.update(from: values.pointer, count: values.count)
    change(weights)
    let pool = ThreadPool(threads: 1)
    let check = FiniteCheck()
    let tape = Tape(
      Parameters(weights: weights, gradient: .gradient(Self.layout)), mode: .training, pool: pool,
      check: check)
    let images = randomTensor([2, 6, 6, 4], seed: 6)
    if let input { images.pointer[7] = input }
    let x = Variable(images, needsGradient: false)
    let block =
      replays
      ? tape.replaying(x) { GradientTests.block($0, $1) } : GradientTests.block(x, tape)
    let logits = linear(
      globalAveragePooling(block, on: tape), weight: tape.entry("head.fc.weight"),
      bias: tape.entry("head.fc.bias"), on: tape)
    let gradient = randomTensor(logits.shape, seed: 7)
    if let outputGradient { gradient.pointer[2] = outputGradient }
    logits.receiveGradient(sharing: gradient, pool: pool)
    tape.backward()
    return check.finding
  }

  private func set(_ name: String, _ value: Float) -> (FlatStore) -> Void {
    { weights in
      let entry = weights.layout.entry(named: name)
      weights.pointer[entry?.offset ?? 0] = value
    }
  }

  @Test func `nothing is found where all numbers are finite`() {
    #expect(finding() == nil && finding(true) == nil)
  }

  @Test(arguments: [
    ("a", "a"), ("na.weight", "na"), ("b", "b"), ("head.fc.weight", "head.fc"),
    ("head.fc.bias", "head.fc"),
  ])
  func `the first layer of the forward pass whose output isn't finite`(
    weight: String, layer: String
  ) {
    for value in [Float.nan, .infinity] {
      #expect(finding(change: set(weight, value)) == "the output of \(layer)")
    }
    #expect(finding(true, change: set(weight, .nan)) == "the output of \(layer)")
  }

  @Test func `an operation without parameters is named by what is before it`() {
    let name = finding { weights in
      // Two sides that are each finite, and not together.
      for name in ["nb.bias", "ns.bias"] {
        let entry = weights.layout.entry(named: name)
        for element in entry?.range ?? 0..<0 { weights.pointer[element] = 3e38 }
      }
    }
    #expect(name == "the output of residualSum behind ns")
  }

  @Test func `a gradient is told where it arises, at the end nearest to the loss`() {
    #expect(
      finding(outputGradient: .infinity) == "the gradient of the output of head.fc")
    // The shift's gradient is finite, a product with the features isn't.
    #expect(
      finding(outputGradient: 3e38) { weights in
        let entry = weights.layout.entry(named: "nb.weight")
        for element in entry?.range ?? 0..<0 { weights.pointer[element] = 1e4 }
      } == "the gradient of head.fc.weight")
  }
}
