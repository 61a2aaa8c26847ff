import Differentiation
import Kernels
import NeuralNetworks
import Support
import Tensors
import Testing

/// Binary cross-entropy of one label and of several, against PyTorch, timm and Keras.
@Suite struct BinaryCrossEntropyTests {
  /// Golden sums are of Doubles, kept as Floats.
  static let tolerance = 1e-6

  private func targets(_ kind: String) throws -> Targets {
    let (golden, own) = (try Golden("losses"), try Golden("binary_losses"))
    let labels = try golden.integers("labels")
    let sets = try own.floats("label_sets")
    switch kind {
    case "hard": return Targets(labels)
    case "mixed":
      let second = try golden.integers("second_labels")
      return Targets(
        labels, second: Targets.SecondLabels(second, firstShares: labels.map { _ in 0.5 }))
    case "soft": return Targets(labels, softLabels: try golden.floats("soft_labels"))
    case "shares": return Targets(labels, softLabels: try own.floats("shares"))
    case "pairs":
      let next = sets[5...] + sets[..<5]
      return Targets(labels, softLabels: zip(sets, next).map { 0.5 * $0 + 0.5 * $1 })
    case "photos":
      return Targets(labels, softLabels: sets, weights: try golden.floats("sample_weights"))
    default: return Targets(labels, softLabels: sets)
    }
  }

  private func loss(_ name: String, _ kind: String) throws -> BinaryCrossEntropyLoss {
    BinaryCrossEntropyLoss(
      labelSmoothing: ["smooth", "weighted"].contains(name) ? 0.1 : 0,
      sumsClasses: name == "summed", hasSeveralLabels: !["hard", "mixed", "soft"].contains(kind),
      classWeights: name == "weighted" ? try Golden("binary_losses").floats("pos_weight") : nil)
  }

  private static let kinds = ["hard", "mixed", "soft", "several", "shares", "pairs", "photos"]
  private static let losses = ["plain", "smooth", "weighted", "summed"]

  @Test(arguments: kinds, losses)
  func `sums and gradients agree with PyTorch, timm and Keras`(kind: String, name: String) throws {
    let golden = try Golden("binary_losses")
    let logits = try Golden("losses").tensor("logits")
    let gradient = Tensor(uninitialized: logits.shape)
    let sums = try loss(name, kind).sums(logits, try targets(kind), gradient: gradient)
    let expected = Double(try golden.floats("\(kind).\(name).sum")[0])
    #expect(abs(sums.loss - expected) <= Self.tolerance * expected)
    let photos =
      try kind == "photos"
      ? Golden("losses").floats("sample_weights").map(Double.init).reduce(0, +) : 7
    #expect(abs(sums.weight - photos) < 1e-12)
    let slope = try golden.tensor("\(kind).\(name).logits_gradient")
    #expect(largestDifference(gradient, slope) < Self.tolerance)
  }

  @Test(arguments: losses) func `the gradient is the sum's slope`(name: String) throws {
    let shape: Shape = [7, 5]
    let (logits, direction) = (randomTensor(shape, seed: 3), randomTensor(shape, seed: 4))
    for kind in ["mixed", "photos"] {
      let (loss, targets) = (try loss(name, kind), try targets(kind))
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
  }

  @Test func `a photo is right by its most probable class, or by all of its labels`() {
    let logits = Tensor([1, 0.5, -1, 1, 0.5, -1, 0, -2, -1], shape: [3, 3])
    let one = BinaryCrossEntropyLoss(labelSmoothing: 0)
    #expect(one.sums(logits, Targets([0, 1, 0]), gradient: nil).correct == 2)
    let several = BinaryCrossEntropyLoss(labelSmoothing: 0, hasSeveralLabels: true)
    let rows: [Float] = [1, 0.75, 0, 1, 0, 0, 1, 0, 0]
    let targets = Targets([0, 0, 0], softLabels: rows)
    #expect(several.sums(logits, targets, gradient: nil).correct == 2)
  }

  @Test(arguments: [false, true])
  func `sure answers, right or wrong, have finite losses`(several: Bool) {
    let logits = Tensor([900, -900, 0, 0, 0, -900, 900, 0, 0, 0], shape: [2, 5])
    let gradient = Tensor(uninitialized: logits.shape)
    let loss = BinaryCrossEntropyLoss(labelSmoothing: 0.1, hasSeveralLabels: several)
    let targets = Targets([0, 0], softLabels: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    let sums = loss.sums(logits, targets, gradient: gradient)
    #expect(sums.loss.isFinite && gradient.values.allSatisfy(\.isFinite))
  }

  /// PyTorch's documentation: 300 negatives of 100 positives make 3.
  @Test func `weights of positives are the others' photos for each of the class's`() {
    let counts = [100, 300, 0, 400]
    func weights(_ balance: ClassBalance) -> [Double] {
      balance.positiveWeights(of: ["a", "b", "c", "d"], counts: counts, photos: 400)
    }
    let expected: [Double] = [3, 1.0 / 3, 400, 0.0025]
    for (weight, expected) in zip(weights(.inverseFrequency), expected) {
      #expect(abs(weight - expected) < 1e-12 * expected)
    }
    #expect(abs(weights(.squareRoot)[0] - 3.0.squareRoot()) < 1e-12)
    let effective = (1 - 1.0 / 512) / (1 - 1.0 / 2)
    let few = ClassBalance.effectiveNumber(beta: 0.5)
      .positiveWeights(of: ["a"], counts: [1], photos: 10)
    #expect(abs(few[0] - effective) < 1e-12)
    #expect(weights(.given(["b": 2.5])) == [1, 2.5, 1, 1])
  }
}
