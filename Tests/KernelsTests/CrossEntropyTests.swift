import Kernels
import Support
import Tensors
import Testing

@Suite struct CrossEntropyTests {
  /// Sums are in Double here and in Float in PyTorch.
  static let tolerance = 1e-5

  @Test(arguments: [false, true], [false, true])
  func `agrees with PyTorch`(_ smooth: Bool, _ weighted: Bool) throws {
    let golden = try Golden("operations")
    let logits = try golden.tensor("cross_entropy.logits")
    let weights = try golden.tensor("cross_entropy.sample_weights").values
    let name =
      "cross_entropy.\(smooth ? "smooth" : "plain").\(weighted ? "weighted" : "unweighted")"
    let gradient = Tensor(uninitialized: logits.shape)
    let sums = crossEntropy(
      logits,
      LossTargets(
        try golden.integers("cross_entropy.labels"), weights: weighted ? weights : nil),
      smoothing: smooth ? 0.1 : 0, gradient: gradient)
    let expected = Double(try golden.tensor("\(name).sum").values[0])
    #expect(abs(sums.loss - expected) < Self.tolerance * expected)
    let mean = Double(try golden.tensor("\(name).mean").values[0])
    #expect(abs(sums.loss / sums.weight - mean) < Self.tolerance * mean)
    let slope = try golden.tensor("\(name).sum_logits_gradient")
    #expect(largestDifference(gradient, slope) < Self.tolerance)
  }

  @Test func `of equal logits the first wins`() {
    let logits = Tensor([1, 1, 0, 0, 2, 2], shape: [2, 3])
    let sums = crossEntropy(logits, LossTargets([0, 2]), smoothing: 0, gradient: nil)
    #expect(sums.correct == 1)
  }

  /// Logits of ±10⁴ overflow a naive exponential.
  @Test func `large logits stay finite`() {
    let logits = Tensor([1e4, -1e4], shape: [1, 2])
    let gradient = Tensor(uninitialized: [1, 2])
    let sums = crossEntropy(logits, LossTargets([1]), smoothing: 0, gradient: gradient)
    #expect(sums.loss == 2e4)
    #expect(gradient.values == [1, -1])
  }

  /// A second label without a share, or equal to the first, changes no bit: a micro-batch that
  /// happens not to be mixed trains as any other.
  @Test(arguments: [Float(0), 0.1]) func `unmixed samples keep their bits`(_ smoothing: Float) {
    let logits = randomTensor([4, 6], seed: 3)
    let labels = [0, 5, 2, 2]
    func run(_ second: (labels: [Int], firstShares: [Float])?) -> (LossSums, [Float]) {
      let gradient = Tensor(uninitialized: logits.shape)
      let sums = crossEntropy(
        logits, LossTargets(labels, second: second, weights: [1, 0.3, 2, 0.7]),
        smoothing: smoothing,
        gradient: gradient)
      return (sums, gradient.values)
    }
    let plain = run(nil)
    #expect(run(([3, 1, 0, 4], [1, 1, 1, 1])) == plain)
    #expect(run((labels, [0.3, 0, 0.7, 1])) == plain)
  }

  /// Of two labels the one with the larger share is the one to be right about, of equal shares the
  /// first.
  @Test(arguments: [
    (Float(0.6), 0, 1), (0.4, 0, 0), (0.5, 0, 1), (0.4, 1, 1), (0.5, 1, 0), (0, 1, 1),
  ])
  func `the larger share counts`(_ share: Float, _ largest: Int, _ correct: Int) {
    let logits = Tensor(largest == 0 ? [2, 1, 0] : [1, 2, 0], shape: [1, 3])
    let sums = crossEntropy(
      logits, LossTargets([0], second: ([1], [share])), smoothing: 0, gradient: nil)
    #expect(sums.correct == correct)
  }
}
