import Differentiation
import Kernels
import NeuralNetworks
import Support
import Tensors
import Testing

/// Losses with weights of classes, focal losses and logit adjustment, against PyTorch and Keras.
@Suite struct WeightedLossTests {
  /// Golden sums are of Doubles, kept as Floats.
  static let tolerance = 1e-6

  private func targets(_ kind: String) throws -> Targets {
    let golden = try Golden("losses")
    let labels = try golden.integers("labels")
    switch kind {
    case "hard": return Targets(labels)
    case "mixed":
      let second = try golden.integers("second_labels")
      return Targets(
        labels,
        second: Targets.SecondLabels(second, firstShares: labels.map { _ in 0.5 }))
    default: return Targets(labels, softLabels: try golden.floats("soft_labels"))
    }
  }

  private func loss(_ name: String, _ weights: [Float]) -> any Loss {
    let smoothing: Float = name.hasSuffix("_smooth") ? 0.1 : 0
    switch name.split(separator: "_")[0] {
    case "weighted": return CrossEntropyLoss(labelSmoothing: smoothing, classWeights: weights)
    case "photo":
      return FocalLoss(
        form: .photo, alpha: 0.25, labelSmoothing: smoothing, classWeights: weights)
    default:
      return name == "focal_half"
        ? FocalLoss(gamma: 0.5)
        : FocalLoss(alpha: 0.25, labelSmoothing: smoothing, classWeights: weights)
    }
  }

  private static let losses = [
    "weighted", "weighted_smooth", "focal", "focal_smooth", "focal_half", "photo", "photo_smooth",
  ]

  @Test(arguments: ["hard", "mixed", "soft"], losses)
  func `sums and gradients agree with PyTorch and Keras`(kind: String, name: String) throws {
    let golden = try Golden("weighted_losses")
    let logits = try Golden("losses").tensor("logits")
    let gradient = Tensor(uninitialized: logits.shape)
    let loss = loss(name, try golden.floats("class_weights"))
    let sums = loss.sums(logits, try targets(kind), gradient: gradient)
    let place = "\(kind).\(name)"
    let expected = Double(try golden.floats("\(place).sum")[0])
    #expect(abs(sums.loss - expected) <= Self.tolerance * abs(expected))
    let divisor = Double(try golden.floats("\(place).divisor")[0])
    #expect(abs(sums.weight - divisor) <= Self.tolerance * divisor)
    #expect(
      largestDifference(gradient, try golden.tensor("\(place).logits_gradient")) < Self.tolerance)
  }

  @Test func `logit adjustment agrees with PyTorch, and right is what the net says by itself`()
    throws
  {
    let golden = try Golden("weighted_losses")
    let logits = try Golden("losses").tensor("logits")
    let gradient = Tensor(uninitialized: logits.shape)
    let loss = LogitAdjustedLoss(
      CrossEntropyLoss(labelSmoothing: 0), strength: 1.5, counts: [10, 1, 4, 3, 2])
    let sums = loss.sums(logits, try targets("hard"), gradient: gradient)
    let expected = Double(try golden.floats("adjusted.sum")[0])
    #expect(abs(sums.loss - expected) <= Self.tolerance * expected)
    // log π is added in Float.
    #expect(
      largestDifference(gradient, try golden.tensor("adjusted.logits_gradient")) < Self.tolerance)
    let plain = CrossEntropyLoss(labelSmoothing: 0)
      .sums(logits, try targets("hard"), gradient: nil)
    #expect(sums.correct == plain.correct)
  }

  @Test(arguments: losses) func `the gradient is the sum's slope`(name: String) throws {
    let shape: Shape = [6, 5]
    let (logits, direction) = (randomTensor(shape, seed: 3), randomTensor(shape, seed: 4))
    let targets = Targets(
      [0, 4, 1, 3, 2, 2],
      second: Targets.SecondLabels(
        [2, 0, 4, 3, 4, 1], firstShares: [0.3, 0.8, 0.5, 0.6, 0, 1]),
      weights: [1, 2, 0.5, 3, 0, 0.7])
    let loss = loss(name, [0.5, 2, 1.5, 0.25, 3])
    func sum(_ amount: Float) -> Double {
      let values = zip(logits.values, direction.values).map { $0 + amount * $1 }
      return loss.sums(Tensor(values, shape: shape), targets, gradient: nil).loss
    }
    let gradient = Tensor(uninitialized: shape)
    _ = loss.sums(logits, targets, gradient: gradient)
    let slope = zip(gradient.values, direction.values).reduce(0.0) {
      $0 + Double($1.0) * Double($1.1)
    }
    let epsilon: Float = 1e-2
    let measured = (sum(epsilon) - sum(-epsilon)) / Double(2 * epsilon)
    #expect(abs(measured - slope) < 2e-3 * max(1, abs(slope)))
  }

  @Test func `weights of one are the plain loss, and a focal loss without focus is cross-entropy`()
    throws
  {
    let logits = try Golden("losses").tensor("logits")
    for kind in ["hard", "mixed", "soft"] {
      let targets = try targets(kind)
      let plain = CrossEntropyLoss(labelSmoothing: 0.1)
      let expected = plain.sums(logits, targets, gradient: nil)
      for other: any Loss in [
        CrossEntropyLoss(labelSmoothing: 0.1, classWeights: [1, 1, 1, 1, 1]),
        FocalLoss(gamma: 0, labelSmoothing: 0.1),
      ] {
        let sums = other.sums(logits, targets, gradient: nil)
        #expect(abs(sums.loss - expected.loss) < 1e-12 * expected.loss)
        #expect(abs(sums.weight - 7) < 1e-12 && sums.correct == expected.correct)
      }
    }
  }

  @Test(arguments: losses) func `sure answers, right or wrong, have finite losses`(name: String) {
    let logits = Tensor([90, -90, 0, 0, 0, -90, 90, 0, 0, 0], shape: [2, 5])
    let gradient = Tensor(uninitialized: logits.shape)
    let sums = loss(name, [1, 1, 1, 1, 1]).sums(logits, Targets([0, 0]), gradient: gradient)
    #expect(sums.loss.isFinite && gradient.values.allSatisfy(\.isFinite))
  }
}
