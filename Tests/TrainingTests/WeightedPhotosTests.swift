import Differentiation
import NeuralNetworks
import Optimizers
import Support
import Tensors
import Testing
import Training

@testable import Datasets

/// What weights and soft labels do to a step.
@Suite struct WeightedPhotosTests {
  /// A linear layer on four numbers of a photo.
  private struct Plain: Network {
    let layer: Linear

    init(_ scope: ParameterScope) { layer = Linear(scope["fc"], inputs: 4, outputs: 3) }

    func callAsFunction(_ images: Variable, on tape: Tape) -> Variable { layer(images, on: tape) }

    func features(of images: Variable, on tape: Tape) -> Variable { images }
  }

  private let model = Model(Plain.init)
  private let photos = randomTensor([3, 4], seed: 3)
  private let loss = CrossEntropyLoss(labelSmoothing: 0.1)

  /// The weights' change in one step of SGD on some of the photos.
  private func change(_ rows: [Int], _ targets: Targets) -> [Float] {
    let images = Tensor(
      rows.flatMap { photos.values[($0 * 4)..<($0 * 4 + 4)] }, shape: [rows.count, 4])
    let weights = model.initialWeights(seed: 7)
    let start = model.layout.parameters.map { weights.pointer[$0] }
    let gradient = FlatStore.gradient(model.layout)
    runMicroBatch(
      MicroBatch(images: images, targets: targets), network: model.network, loss: loss,
      weights: weights, gradient: gradient, pool: ThreadPool(threads: 1))
    let rule = SGD(momentum: 0, isNesterov: false, weightDecay: 0)
    let scale = GradientClipping(maximumNorm: nil)
      .scale(norm: 0, weight: Double(gradient[.weight]))
    rule.apply(
      model.layout.parameters, of: model.layout, groups: ParameterGroups(),
      weights: weights.pointer, gradient: gradient.pointer,
      moments: ShardedMoments(names: rule.momentNames, range: model.layout.parameters), step: 1,
      learningRate: 0.1, gradientScale: scale)
    return zip(model.layout.parameters, start).map { weights.pointer[$0] - $1 }
  }

  private func expectEqual(_ a: [Float], _ b: [Float]) {
    #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `a photo of weight 2 counts twice in the mean`() {
    let single = (0..<3).map { change([$0], Targets([$0])) }
    let weighted = change([0, 1, 2], Targets([0, 1, 2], weights: [2, 0.5, 0]))
    let mean = single[0].indices.map { (2 * single[0][$0] + 0.5 * single[1][$0]) / 2.5 }
    #expect(mean.contains { abs($0) > 1e-3 })
    expectEqual(weighted, mean)
    expectEqual(
      change([0, 1, 2], Targets([0, 1, 2], weights: [2, 1, 0])),
      change([0, 0, 1], Targets([0, 0, 1])))
  }

  @Test func `a photo of which three voted is learned as three photos`() {
    let voted = change([0, 1], Targets([0, 1], softLabels: [2 / 3, 0, 1 / 3, 0, 1, 0]))
    let each = change([0, 0, 0, 1, 1, 1], Targets([0, 0, 2, 1, 1, 1]))
    expectEqual(voted, each)
  }

  @Test func `targets are what the dataset has of its photos`() throws {
    let dataset = Dataset(
      classes: ["a", "b"],
      samples: [
        Sample(path: "0", label: 0, split: nil, bytes: 1),
        Sample(path: "1", label: 1, split: nil, bytes: 1, weight: 0.5),
        Sample(path: "2", label: 1, split: nil, bytes: 1, softLabel: [0.25, 0.75]),
      ], source: .photos(root: "."))
    #expect(Targets(of: [0, 0], in: dataset) == Targets([0, 0]))
    #expect(Targets(of: [1, 0], in: dataset) == Targets([1, 0], weights: [0.5, 1]))
    #expect(
      Targets(of: [2, 1, 0], in: dataset)
        == Targets([1, 1, 0], softLabels: [0.25, 0.75, 0, 1, 1, 0], weights: [1, 0.5, 1]))
    let relabelled = try dataset.labelled(as: ["a", "x", "b"])
    #expect(
      Targets(of: [2, 1], in: relabelled)
        == Targets([2, 2], softLabels: [0.25, 0, 0.75, 0, 0, 1], weights: [1, 0.5]))
  }
}
