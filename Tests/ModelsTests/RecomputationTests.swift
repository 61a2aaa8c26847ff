import Differentiation
import Kernels
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// Blocks that are run again in backward, net by net.
@Suite struct RecomputationTests {
  /// The gradient and statistics of a pass over random photos of 64 pixels, with dropout and stochastic depth.
  private func gradient(
    _ name: String, _ recomputation: Recomputation, precision: Precision = .fp32
  ) throws -> (values: [UInt32], blocks: Int) {
    let model = try #require(
      ModelCatalogue.model(
        named: name, channels: 3, classes: 5, imageSize: 64, dropout: 0.3, stochasticDepth: 0.4))
    let gradient = FlatStore.gradient(model.layout)
    let images = 3
    let tape = Tape(
      Parameters(weights: model.initialWeights(seed: 3), gradient: gradient), mode: .training,
      pool: ThreadPool(threads: 2), precision: precision, recomputation: recomputation,
      randomness: Randomness(seed: 1, epoch: 2, positions: Array(0..<images)))
    let photos = Variable(randomTensor([images, 64, 64, 3], seed: 4), needsGradient: false)
    _ = CrossEntropyLoss(labelSmoothing: 0.1)(
      model.network(photos, on: tape), Targets((0..<images).map { $0 % 5 }), on: tape)
    tape.backward()
    return ((0..<gradient.count).map { gradient.pointer[$0].bitPattern }, tape.blocks)
  }

  @Test(arguments: ModelCatalogue.names)
  func `the bits are those without`(_ name: String) throws {
    let plain = try gradient(name, .none)
    #expect(plain.blocks >= 3)
    for recomputation in [Recomputation.all, .blocks([0, plain.blocks - 1])] {
      let again = try gradient(name, recomputation)
      #expect(again.values == plain.values && again.blocks == plain.blocks)
    }
  }

  @Test(arguments: ["resnet50", "mobilenetv3-small", "vit-ti16"])
  func `also where activations wait in 16 bits`(_ name: String) throws {
    #expect(
      try gradient(name, .all, precision: .bf16).values
        == gradient(name, .none, precision: .bf16).values)
  }
}
