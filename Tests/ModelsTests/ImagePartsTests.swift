import Differentiation
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// Photos that go through a net's wide layers a few at a time get the bits that they get together.
@Suite struct ImagePartsTests {
  /// Residual nets with and without bottlenecks, depthwise convolutions with and without
  /// squeeze-and-excitation: nine photos in parts of four, eight or not at all, the last one alone.
  @Test(arguments: [
    "resnet18", "resnet50", "efficientnet-lite0", "efficientnet-b0", "mobilenetv3-small",
  ])
  func `images together or in parts give the same bits`(_ name: String) throws {
    let model = try #require(
      ModelCatalogue.model(named: name, channels: 3, classes: 5, imageSize: 128))
    let parameters = Parameters(weights: model.initialWeights(seed: 3))
    let photos = Variable(randomTensor([9, 128, 128, 3], seed: 4), needsGradient: false)
    func logits(threads: Int, together: Bool) -> [Float] {
      let tape = Tape(
        parameters, mode: .evaluation, pool: ThreadPool(threads: threads), watchesMap: together)
      return model.network(photos, on: tape).value.values
    }
    let expected = logits(threads: 2, together: true)
    #expect(Set(expected).count > 9)
    for threads in 1...3 {
      #expect(logits(threads: threads, together: false) == expected, "\(threads) threads")
    }
  }
}
