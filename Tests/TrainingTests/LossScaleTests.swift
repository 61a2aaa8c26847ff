import Differentiation
import Foundation
import Models
import NeuralNetworks
import Optimizers
import Support
import Tensors
import Testing

@testable import Checkpoints
@testable import Training

@Suite struct LossScaleTests {
  /// What PyTorch's GradScaler does; `Tests/Golden/loss_scale.py` made it.
  private struct Case: Decodable {
    let first, growth: Int
    let overflows: [Bool]
    let scales: [Int]
  }

  @Test func `the scale is PyTorch's, step after step, also from the state of each`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/loss_scale.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    #expect(cases.count == 3)
    for golden in cases {
      let rule = LossScaling(first: golden.first, growthSteps: golden.growth)
      var state = TrainingState(recipeDigest: "", dataDigest: "")
      for (overflow, expected) in zip(golden.overflows, golden.scales) {
        var scale = state.lossScale(rule)
        if overflow { _ = scale.shrink() } else { scale.grow(by: rule) }
        state.keep(scale)
        #expect(state.lossScale(rule).value == expected)
      }
      state.forgetLossScale()
      #expect(state.rules.isEmpty && state.lossScale(rule).value == golden.first)
    }
  }

  @Test func `a scale stays between 1 and the largest`() {
    var low = LossScale(LossScaling(first: 2))
    let shrinks = [low.shrink(), low.shrink()]
    #expect(shrinks == [true, false] && low.value == 1)
    let rule = LossScaling(first: LossScaling.range.upperBound, growthSteps: 1)
    var high = LossScale(rule)
    high.grow(by: rule)
    #expect(high.value == rule.first)
  }

  @Test func `a scale in the state that can't be one gives way to the recipe's`() {
    for kept in [0, 3, -4, 0.5, 1e300, .nan] {
      #expect(LossScale(LossScaling(first: 8), kept: ["scale": kept]).value == 8)
    }
  }

  /// A power of two changes no digit, so floats that are scaled are those that aren't.
  @Test func `a scaled loss gives the same gradient, bit for bit`() throws {
    let model = try #require(
      ModelCatalogue.model(named: "cifar-resnet8", channels: 3, classes: 5, imageSize: 32))
    let images = randomTensor([4, 32, 32, 3], seed: 1)
    func gradient(_ scale: Int, _ precision: Precision = .fp32) -> [Float] {
      let gradient = FlatStore.gradient(model.layout)
      runMicroBatch(
        MicroBatch(images: images, targets: Targets([0, 1, 2, 4])), network: model.network,
        loss: CrossEntropyLoss(labelSmoothing: 0.1), weights: model.initialWeights(seed: 3),
        gradient: gradient, precision: precision, lossScale: scale, pool: ThreadPool(threads: 2))
      return (0..<gradient.count).map { gradient.pointer[$0] }
    }
    let plain = gradient(1)
    #expect(gradient(1 << 20) == plain)
    // Where gradients wait in half precision, a small scale loses more of them than a large one.
    func error(_ scale: Int) -> Double {
      let values = gradient(scale, .fp16Gradients)
      let parameters = model.layout.parameters
      func square(_ value: (Int) -> Double) -> Double {
        parameters.reduce(0) { $0 + value($1) * value($1) }
      }
      return (square { Double(values[$0] - plain[$0]) } / square { Double(plain[$0]) }).squareRoot()
    }
    // Measured: 0.021.
    #expect(error(1 << 16) < 0.05)
    #expect(error(1) > error(1 << 10))
    // An overflow is seen.
    #expect(
      gradient(1 << 40, .fp16Gradients)[..<model.layout.parameters.upperBound]
        .contains { !$0.isFinite })
  }
}
