import Differentiation
import NeuralNetworks
import Tensors
import Testing

@Suite struct DropoutTests {
  /// Two layers, one of them in a block; and what each makes of ones.
  private func dropped(rate: Double, randomness: Randomness?) -> [[Float]] {
    let (layers, layout, _, _) = ParameterScope.build { scope in
      [Dropout(scope["fc"][1], rate: rate), Dropout(scope["drop"], rate: rate)]
    }
    let ones = Tensor([Float](repeating: 1, count: 2000), shape: [2, 1000])
    let tape = Tape(
      Parameters(weights: .weights(layout)), mode: .training, pool: ThreadPool(threads: 1),
      randomness: randomness)
    return layers.map { $0(Variable(ones, needsGradient: false), on: tape).value.values }
  }

  /// A run that renames nothing gets the same numbers for ever, and no two layers the same.
  @Test func `draws from its path's stream`() {
    let randomness = Randomness(seed: 4, epoch: 3, positions: [8, 2])
    let values = dropped(rate: 0.3, randomness: randomness)
    #expect(values[0] != values[1])
    let tape = Tape(
      Parameters(weights: .weights(FlatLayout([]))), mode: .training,
      pool: ThreadPool(threads: 1), randomness: randomness)
    let ones = Tensor([Float](repeating: 1, count: 2000), shape: [2, 1000])
    for (path, values) in zip(["fc.1", "drop"], values) {
      let expected = dropout(
        Variable(ones, needsGradient: false), rate: 0.3, stream: .layer(path), on: tape)
      #expect(values == expected.value.values, "\(path)")
    }
  }

  @Test func `drops nothing without randomness`() {
    #expect(dropped(rate: 0.3, randomness: nil).joined().allSatisfy { $0 == 1 })
  }
}
