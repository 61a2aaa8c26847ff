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

  /// Samples with two labels or soft ones, as PyTorch counts targets that are probabilities.
  @Test(arguments: [false, true], [(false, false), (false, true), (true, false), (true, true)])
  func `mixed and soft targets agree with PyTorch`(
    _ isSoft: Bool, _ kind: (smooth: Bool, weighted: Bool)
  ) throws {
    let golden = try Golden("losses")
    let weights = try golden.floats("sample_weights")
    let labels = try golden.integers("labels")
    let second = Targets.SecondLabels(
      try golden.integers("second_labels"), firstShares: try golden.floats("first_shares"))
    let targets = Targets(
      labels, second: isSoft ? nil : second,
      softLabels: isSoft ? try golden.floats("soft_labels") : nil,
      weights: kind.weighted ? weights : nil)
    let (sums, gradient) = run(
      CrossEntropyLoss(labelSmoothing: kind.smooth ? 0.1 : 0), try golden.tensor("logits"), targets)
    let name =
      "\(isSoft ? "soft_" : "")cross_entropy.\(kind.smooth ? "smooth" : "plain")."
      + (kind.weighted ? "weighted" : "unweighted")
    let expected = Double(try golden.floats("\(name).sum")[0])
    #expect(abs(sums.loss - expected) < Self.tolerance * expected)
    let slope = try golden.tensor("\(name).sum_logits_gradient")
    #expect(largestDifference(try #require(gradient), slope) < Self.tolerance)
    let whole = kind.weighted ? weights.map(Double.init).reduce(0, +) : Double(targets.count)
    #expect(abs(sums.weight - whole) < 1e-12)
  }

  enum Kind: CaseIterable { case plain, mixed, soft }

  /// Rows of random shares.
  func softLabels(samples: Int, classes: Int, seed: Int) -> [Float] {
    let values = randomTensor([samples, classes], seed: seed + 20).values.map(abs)
    return values.indices.map { place in
      let start = place / classes * classes
      return values[place] / values[start..<(start + classes)].reduce(0, +)
    }
  }

  /// Along a random direction d, the sum's change for ±ε·d over 2ε is ⟨∇, d⟩.
  @Test(arguments: [(Float(0), 1), (0, 2), (0.1, 1), (0.1, 2)], Kind.allCases)
  func `the gradient is the sum's slope`(
    _ drawn: (smoothing: Float, seed: Int), _ kind: Kind
  ) throws {
    let seed = drawn.seed
    let shape: Shape = [6, 7]
    let (logits, direction) = (randomTensor(shape, seed: seed), randomTensor(shape, seed: seed + 9))
    let second = Targets.SecondLabels(
      [2, 0, 6, 3, 4, 5], firstShares: [0.3, 0.8, 0.5, 0.6, 0, 1])
    let targets = Targets(
      [0, 6, 1, 3, 2, 2], second: kind == .mixed ? second : nil,
      softLabels: kind == .soft ? softLabels(samples: 6, classes: 7, seed: seed) : nil,
      weights: [1, 2, 0.5, 3, 0, 0.7])
    let loss = CrossEntropyLoss(labelSmoothing: drawn.smoothing)
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

  @Test(arguments: [Float(0), 0.1])
  func `a soft label's loss is that of its labels by their shares`(
    _ smoothing: Float
  ) {
    let logits = randomTensor([3, 5], seed: 4)
    let rows = softLabels(samples: 3, classes: 5, seed: 1)
    let weights: [Float] = [2, 0.5, 3]
    let loss = CrossEntropyLoss(labelSmoothing: smoothing)
    let soft = run(loss, logits, Targets([0, 0, 0], softLabels: rows, weights: weights)).sums
    let parts = (0..<5).map { label in
      let shares = (0..<3).map { weights[$0] * rows[$0 * 5 + label] }
      return run(loss, logits, Targets([label, label, label], weights: shares)).sums.loss
    }
    #expect(abs(soft.loss - parts.reduce(0, +)) < 1e-5)
    #expect(soft.weight == 5.5)
  }

  /// One photo with votes among others must not change what these give.
  @Test(arguments: [Float(0), 0.1], [nil, [Float(1), 2, 0.3]])
  func `rows of 0 and 1 have the bits of their labels`(_ smoothing: Float, _ weights: [Float]?) {
    let logits = randomTensor([3, 5], seed: 4)
    let loss = CrossEntropyLoss(labelSmoothing: smoothing)
    func row(_ shares: [Int: Float]) -> [Float] { (0..<5).map { shares[$0] ?? 0 } }
    let plain = run(loss, logits, Targets([4, 0, 2], weights: weights))
    let rows = row([4: 1]) + row([0: 1]) + row([2: 1])
    let soft = run(loss, logits, Targets([4, 0, 2], softLabels: rows, weights: weights))
    #expect(soft.sums == plain.sums && soft.gradient?.values == plain.gradient?.values)

    let second = Targets.SecondLabels([1, 0, 3], firstShares: [0.7, 0.8, 1])
    let mixed = run(loss, logits, Targets([4, 0, 2], second: second, weights: weights))
    let both = row([4: 0.7, 1: 1 - 0.7]) + row([0: 1]) + row([2: 1])
    let softened = run(loss, logits, Targets([4, 0, 2], softLabels: both, weights: weights))
    #expect(softened.sums == mixed.sums && softened.gradient?.values == mixed.gradient?.values)
  }

  @Test func `the class with the largest share is the one to be right about, the first of equals`()
  {
    let logits = Tensor([0, 1, 0, 0, 1, 0, 0, 1, 0], shape: [3, 3])
    let rows: [Float] = [0.4, 0.4, 0.2, 0.3, 0.4, 0.3, 0.2, 0.5, 0.3]
    let targets = Targets([2, 2, 2], softLabels: rows, weights: [0, 3, 1])
    #expect(run(CrossEntropyLoss(labelSmoothing: 0), logits, targets).sums.correct == 2)
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
