import Datasets
import FoundationEssentials
import NeuralNetworks
import Support
import Testing

/// Against scikit-learn, NumPy and PyTorch; `Tests/Golden/balance.py` made the values.
@Suite struct SamplingTests {
  struct Case: Decodable {
    let counts: [Int]
    let inverse, root, effective: [Double]
    let distinct: Double

    static func all() throws -> [Case] {
      try JSONDecoder().decode([Case].self, from: Data(Golden.bytes("balance.json")))
    }
  }

  @Test(arguments: try Case.all()) func `factors agree with scikit-learn`(golden: Case) {
    let classes = golden.counts.indices.map { "class \($0)" }
    func expect(_ balance: ClassBalance, _ expected: [Double]) {
      for (own, expected) in zip(balance.factors(of: classes, counts: golden.counts), expected) {
        #expect(abs(own - expected) < 1e-12 * expected, "\(balance)")
      }
    }
    expect(.inverseFrequency, golden.inverse)
    expect(.squareRoot, golden.root)
    expect(.effectiveNumber(beta: 0.99), golden.effective)
  }

  @Test func `given factors are of the classes that have names`() {
    let factors = ClassBalance.given(["b": 3]).factors(of: ["a", "b", "c"], counts: [2, 1, 0])
    #expect(factors == [0.6, 1.8, 0])
  }

  /// PyTorch's mean over 200 epochs is itself off by a few thousandths.
  @Test(arguments: try Case.all())
  func `an epoch has as many different photos as PyTorch's`(golden: Case) {
    let count = golden.counts.reduce(0, +)
    let factors = ClassBalance.inverseFrequency.factors(
      of: golden.counts.indices.map { "class \($0)" }, counts: golden.counts)
    let list = EpochList(
      of: Array(0..<count), StepPlan(samples: count, globalBatch: 8, microBatch: 4), seed: 1,
      factors: zip(factors, golden.counts).flatMap { Array(repeating: $0, count: $1) })
    #expect(abs(list.expectedDistinct / Double(count) - golden.distinct) < 0.015)
  }
}
