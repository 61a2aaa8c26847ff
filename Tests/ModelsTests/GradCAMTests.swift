import Differentiation
import NeuralNetworks
import Support
import Tensors
import Testing

@testable import Models

/// Where nets look, against PyTorch.
@Suite struct GradCAMTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    /// Pixels of a side; nil for the images that the golden nets have.
    var side: Int?
    let images: Int
  }

  static let cases = [
    Case(description: "resnet18", side: 160, images: 2),
    Case(description: "mobilenetv3", images: 4),
    Case(description: "vit", images: 4),
  ]

  @Test(arguments: cases) func `maps are PyTorch's`(_ net: Case) throws {
    let loaded = try GoldenNetTests.Loaded(
      try #require(GoldenNetTests.nets.first { $0.description == net.description }))
    let images =
      try net.side.map { goldenImages(seed: 2, batch: 0, count: net.images, side: $0) }
      ?? loaded.golden.tensor("input")
    let golden = try Golden("heatmaps")
    let classes = try golden.integers("\(net).classes")
    func pass(threads: Int) -> GradCAM {
      GradCAM(
        loaded.model.network, images: images, parameters: Parameters(weights: loaded.weights),
        pool: ThreadPool(threads: threads))
    }
    let expected = try golden.tensor("\(net).map")
    let maps = try pass(threads: 2).maps(of: classes)
    #expect(maps.shape == expected.shape)
    #expect(largestDifference(maps, expected) < 5e-5)
    #expect(try pass(threads: 1).maps(of: classes).values == maps.values)

    // Nobody's answer changes because somebody wants to see why.
    let tape = Tape(
      Parameters(weights: loaded.weights), mode: .evaluation, pool: ThreadPool(threads: 2))
    let logits = loaded.model.network(Variable(images, needsGradient: false), on: tape)
    #expect(pass(threads: 1).logits.values == logits.value.values)
  }

  /// Else a server's memory grows with each.
  @Test func `what a pass kept is let go of with its maps`() throws {
    let model = Model(classes: 5, head: .plain) {
      ResNet(.imageNet(.basic, blocks: [1, 1, 1, 1], width: 8), channels: 3, scope: $0)
    }
    weak var kept: PreparedWeights?
    do {
      let prepared = PreparedWeights()
      kept = prepared
      _ = try GradCAM(
        model.network, images: Tensor(zeros: [1, 64, 64, 3]),
        parameters: Parameters(weights: model.initialWeights(seed: 1), prepared: prepared),
        pool: ThreadPool(threads: 1)
      ).maps(of: [0])
    }
    #expect(kept == nil)
  }

  /// Each image's map is its own, whatever the head makes of the net's map.
  @Test(arguments: Head.allCases) func `heads have maps`(_ head: Head) throws {
    let model = Model(classes: 5, head: head) {
      ResNet(.imageNet(.basic, blocks: [1, 1, 1, 1], width: 8), channels: 3, scope: $0)
    }
    func maps(_ images: Tensor, _ classes: [Int]) throws -> [Float] {
      try GradCAM(
        model.network, images: images,
        parameters: Parameters(weights: model.initialWeights(seed: 1)),
        pool: ThreadPool(threads: 1)
      ).maps(of: classes).values
    }
    let images = goldenImages(seed: 2, batch: 0, count: 2, side: 64)
    let both = try maps(images, [1, 3])
    #expect(both.count == 8 && both.contains { $0 > 0 })
    let second = Tensor(
      images.storage, offset: images.offset + images.count / 2, shape: [1, 64, 64, 3])
    let alone = try maps(second, [3])
    #expect(
      largestDifference(Tensor(Array(both[4...]), shape: [4]), Tensor(alone, shape: [4])) < 1e-5)
  }

  @Test func `a net without places says so`() {
    let model = Model(regularisedHeadOver: 6, classes: 2)
    let pass = GradCAM(
      model.network, images: Tensor(zeros: [1, 6]),
      parameters: Parameters(weights: model.initialWeights(seed: 1)), pool: ThreadPool(threads: 1))
    #expect(throws: GradCAMError.self) { try pass.maps(of: [0]) }
  }
}
