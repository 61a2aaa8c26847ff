import Differentiation
import Kernels
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite struct CrossEntropyLossTests {
  /// Sums are in Double here and in Float in PyTorch.
  static let tolerance = 1e-5

  /// The sums, and the gradient that the logits get.
  func run(
    _ loss: any Loss, _ logits: Tensor, _ targets: Targets, mode: Tape.Mode = .training
  ) -> (sums: LossSums, gradient: Tensor?) {
    let tape = Tape(
      Parameters(weights: .weights(FlatLayout([]))), mode: mode, pool: ThreadPool(threads: 1))
    let variable = Variable(logits, needsGradient: true)
    let sums = loss(variable, targets, on: tape)
    return (sums, variable.takeGradient())
  }

  /// Samples with two labels, as PyTorch counts targets that are probabilities.
  @Test(arguments: [false, true], [false, true])
  func `mixed targets agree with PyTorch`(_ smooth: Bool, _ weighted: Bool) throws {
    let golden = try Golden("losses")
    let weights = try golden.floats("sample_weights")
    let targets = Targets(
      try golden.integers("labels"),
      second: Targets.SecondLabels(
        try golden.integers("second_labels"), firstShares: try golden.floats("first_shares")),
      weights: weighted ? weights : nil)
    let (sums, gradient) = run(
      CrossEntropyLoss(labelSmoothing: smooth ? 0.1 : 0), try golden.tensor("logits"), targets)
    let name =
      "cross_entropy.\(smooth ? "smooth" : "plain").\(weighted ? "weighted" : "unweighted")"
    let expected = Double(try golden.floats("\(name).sum")[0])
    #expect(abs(sums.loss - expected) < Self.tolerance * expected)
    let slope = try golden.tensor("\(name).sum_logits_gradient")
    #expect(largestDifference(try #require(gradient), slope) < Self.tolerance)
    let whole = weighted ? weights.map(Double.init).reduce(0, +) : Double(targets.count)
    #expect(abs(sums.weight - whole) < 1e-12)
  }

  /// Along a random direction d, the sum's change for ±ε·d over 2ε is ⟨∇, d⟩.
  @Test(arguments: 1...3, [(Float(0), false), (0.1, false), (0, true), (0.1, true)])
  func `the gradient is the sum's slope`(
    _ seed: Int, _ kind: (smoothing: Float, isMixed: Bool)
  ) throws {
    let shape: Shape = [6, 7]
    let (logits, direction) = (randomTensor(shape, seed: seed), randomTensor(shape, seed: seed + 9))
    let second = Targets.SecondLabels(
      [2, 0, 6, 3, 4, 5], firstShares: [0.3, 0.8, 0.5, 0.6, 0, 1])
    let targets = Targets(
      [0, 6, 1, 3, 2, 2], second: kind.isMixed ? second : nil, weights: [1, 2, 0.5, 3, 0, 0.7])
    let loss = CrossEntropyLoss(labelSmoothing: kind.smoothing)
    func moved(_ amount: Float) -> Double {
      let values = zip(logits.values, direction.values).map { $0 + amount * $1 }
      return run(loss, Tensor(values, shape: shape), targets).sums.loss
    }
    let epsilon: Float = 1e-2
    let measured = (moved(epsilon) - moved(-epsilon)) / (2 * Double(epsilon))
    let gradient = try #require(run(loss, logits, targets).gradient)
    let predicted = zip(gradient.values, direction.values).reduce(0.0) {
      $0 + Double($1.0) * Double($1.1)
    }
    #expect(abs(measured - predicted) < 1e-3 * max(abs(measured), 1))
  }

  /// A loss is linear in its targets: λ·L(first) + (1 − λ)·L(second).
  @Test(arguments: [Float(0), 0.1]) func `a mixed loss is the losses' mixture`(_ smoothing: Float) {
    let logits = randomTensor([3, 5], seed: 4)
    let (labels, others, shares) = ([0, 1, 2], [4, 3, 1], [Float(0.2), 0.5, 0.9])
    let loss = CrossEntropyLoss(labelSmoothing: smoothing)
    let second = Targets.SecondLabels(others, firstShares: shares)
    let mixed = run(loss, logits, Targets(labels, second: second)).sums.loss
    let first = run(loss, logits, Targets(labels, weights: shares)).sums.loss
    let rest = run(loss, logits, Targets(others, weights: shares.map { 1 - $0 })).sums.loss
    #expect(abs(mixed - first - rest) < 1e-6)
  }

  @Test func `evaluation hands over no gradient`() {
    let logits = randomTensor([3, 4], seed: 2)
    let targets = Targets([3, 1, 0], weights: [1, 0, 2])
    let loss = CrossEntropyLoss(labelSmoothing: 0.1)
    let (sums, gradient) = run(loss, logits, targets, mode: .evaluation)
    #expect(gradient == nil)
    #expect(sums == run(loss, logits, targets).sums)
  }
}
