import Datasets
import FoundationEssentials
import NeuralNetworks
import Recipes
import Support
import Testing
import Training

@testable import Experiments

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
    #expect(zip(factors, [0.6, 1.8, 0]).allSatisfy { abs($0 - $1) < 1e-15 })
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

  @Test func `shares are those of the photos that are trained on`() throws {
    let own = try experimentOfTwoClasses("data.sampling=weights", "data.sampling-weights=[{b: 3}]")
    let shares = try #require(try own.drawnShares(of: [0, 1, 2, 10, 11]))
    #expect(zip(shares.ofClasses, [3.0 / 9, 6.0 / 9]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(try own.epochList(of: [0, 1]).order(inEpoch: 0).allSatisfy([0, 1].contains))
    #expect(try experimentOfTwoClasses().drawnShares(of: [0, 10]) == nil)
  }

  @Test func `weights in the loss are those of the photos that are trained on`() throws {
    let own = try experimentOfTwoClasses("loss.class-weights=balanced", "loss.logit-adjustment=1")
    #expect(own.trainingSettings.loss.classWeights == nil)
    // 5 photos, 3 of them a: 5 / (2 · 3) and 5 / (2 · 2), as scikit-learn's `balanced`.
    let loss = own.trainingSettings(on: [0, 1, 2, 10, 11]).loss
    #expect(loss.classWeights == [Float(5.0 / 6), Float(5.0 / 4)])
    #expect(loss is LogitAdjustedLoss)
  }

  @Test(arguments: [
    ("[{joy: 3}]", "there is no class `joy`; there are a, b"),
    ("[{bb: 3}]", "there is no class `bb`; did you mean `b`?"),
    ("[{a: 0}, {b: 0}]", "all classes weigh 0, so that no photo would be drawn"),
  ])
  func `weights of other classes are refused`(weights: String, problem: String) {
    let given = "loss.class-weights-given=\(weights)"
    let refused = #expect(throws: RecipeError.self) {
      try experimentOfTwoClasses("loss.class-weights=given", given)
    }
    #expect(
      refused?.description
        == "--set \(given): "
        + problem.replacing("no photo would be drawn", with: "nothing would be learned"))
    let ofPositives = #expect(throws: RecipeError.self) {
      try experimentOfTwoClasses(
        "loss.name=binary-cross-entropy", "loss.class-weights=given", given)
    }
    #expect(
      ofPositives?.description
        == "--set \(given): "
        + problem.replacing(
          "no photo would be drawn", with: "only what photos don't show would be learned"))
    let setting = "data.sampling-weights=\(weights)"
    let error = #expect(throws: RecipeError.self) {
      try experimentOfTwoClasses("data.sampling=weights", setting)
    }
    #expect(error?.description == "--set \(setting): \(problem)")
  }

  @Test(arguments: [
    ("model.image-size=72", "none", "model.image-size", "72 is no multiple of 16"),
    (
      "model.image-size=64", "[{from-epoch: 0, size: 56}, {from-epoch: 2, size: 64}]",
      "resize-schedule", "56 is no multiple of 16"
    ),
  ])
  func `a vision transformer refuses sizes that patches don't fill`(
    size: String, schedule: String, key: String, problem: String
  ) {
    let error = #expect(throws: RecipeError.self) {
      try experimentOfTwoClasses("model.name=vit-ti16", size, "resize-schedule=\(schedule)")
    }
    #expect(error?.description.contains(key) ?? false)
    #expect(error?.description.contains("\(problem), the side of a patch of `vit-ti16`") ?? false)
  }
}
