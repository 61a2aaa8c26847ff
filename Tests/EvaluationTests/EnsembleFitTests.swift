import Files
import Foundation
import Support
import Testing

@testable import Evaluation

/// Beside NumPy, SciPy and scikit-learn: Tests/Golden/ensembles.py.
@Suite struct EnsembleFitTests {
  struct Golden: Decodable {
    let labels, twoLabels, truths: [Int]
    let members, twoMembers, sigmoids: [[Double]]
    let greedyProbabilities, greedyLogits, temperatures, logistic, twoLogistic: [Double]
    let temperatureOfMean: Double
    let severalGreedy, severalTemperatures, severalLogistic: [Double]

    enum CodingKeys: String, CodingKey {
      case labels, truths, members, sigmoids, temperatures, logistic
      case twoLabels = "two_labels"
      case twoMembers = "two_members"
      case greedyProbabilities = "greedy_probabilities"
      case greedyLogits = "greedy_logits"
      case twoLogistic = "two_logistic"
      case temperatureOfMean = "temperature_of_mean"
      case severalGreedy = "several_greedy"
      case severalTemperatures = "several_temperatures"
      case severalLogistic = "several_logistic"
    }
  }

  let golden: Golden
  let members, two, several: [Predictions]

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/ensembles.json")
    golden = try JSONText.decode(Golden.self, from: Data(contentsOf: file))
    let golden = golden
    members = golden.members.map { Self.predictions(golden.labels.map { [$0] }, $0, classes: 4) }
    two = golden.twoMembers.map { Self.predictions(golden.twoLabels.map { [$0] }, $0, classes: 2) }
    let truths = golden.truths.indices.filter { $0.isMultiple(of: 3) }.map { start in
      (0..<3).filter { golden.truths[start + $0] == 1 }
    }
    several = golden.sigmoids.map { Self.predictions(truths, $0, classes: 3, isOfSeveral: true) }
  }

  static func predictions(
    _ labels: [[Int]], _ probabilities: [Double], classes: Int, isOfSeveral: Bool = false
  ) -> Predictions {
    var predictions = Predictions(
      classes: (0..<classes).map { "c\($0)" },
      thresholds: isOfSeveral ? [Double](repeating: 0.5, count: classes) : nil)
    for (row, own) in labels.enumerated() {
      predictions.append(
        sample: row, labels: own,
        probabilities: Array(probabilities[(row * classes)..<((row + 1) * classes)]))
    }
    return predictions
  }

  private func expectNear(_ found: [Double], _ expected: [Double], _ bound: Double) {
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= bound * max(1, abs(expected)), "\(found), \(expected)")
    }
  }

  @Test func `greedy selection is that of twenty lines of NumPy`() {
    expectNear(GreedySelection.weights(of: members), golden.greedyProbabilities, 1e-12)
    expectNear(
      GreedySelection.weights(of: members, averaging: .logits), golden.greedyLogits, 1e-12)
    expectNear(GreedySelection.weights(of: several), golden.severalGreedy, 1e-12)
    // Of equals the first.
    #expect(GreedySelection.weights(of: [members[0], members[0]]) == [1, 0])
  }

  @Test func `temperatures are SciPy's`() {
    let found = members.map { TemperatureScaling.temperature(of: $0) }
    for index in [0, 2, 3] { expectNear([found[index]], [golden.temperatures[index]], 1e-6) }
    // Noise has no temperature; its bound does.
    #expect(found[1] == 100 && golden.temperatures[1] > 50)
    let mean = Predictions(ensembleOf: members, by: .equal(4))
    expectNear([TemperatureScaling.temperature(of: mean)], [golden.temperatureOfMean], 1e-6)
    expectNear(
      several.map { TemperatureScaling.temperature(of: $0) }, golden.severalTemperatures, 1e-6)
  }

  @Test func `a probability of nothing doesn't end a temperature`() {
    let sure = Self.predictions(
      [[0], [1], [0], [1]], [1, 0, 1, 0, 1, 0, 0, 1], classes: 2)
    let temperature = TemperatureScaling.temperature(of: sure)
    #expect(temperature > 1 && temperature <= 100)
    let mix = EnsembleMix([1], temperature: temperature)
    let scaled = Predictions(ensembleOf: [sure], by: mix)
    #expect(scaled.losses.allSatisfy { $0.isFinite && $0 > 0 })
    #expect(TemperatureScaling.temperature(of: sure.rows([0, 2])) == 0.01)
  }

  @Test func `logistic coefficients are SciPy's and scikit-learn's, none of them negative`() {
    expectNear(LogisticWeights.coefficients(of: members), golden.logistic, 1e-5)
    expectNear(LogisticWeights.coefficients(of: two), golden.twoLogistic, 1e-6)
    expectNear(LogisticWeights.coefficients(of: several), golden.severalLogistic, 1e-5)
    #expect(golden.logistic.contains(0))
    expectNear([LogisticWeights.weights(of: members).reduce(0, +)], [1], 1e-12)
  }

  @Test func `a mean of logits is that of the logits, and of one model a temperature alone`() {
    var logits = SplitMix(state: 1)
    var rows: [[[Double]]] = []
    var each = [Predictions](repeating: Predictions(classes: ["a", "b", "c"]), count: 2)
    for row in 0..<20 {
      rows.append(
        (0..<2).map { _ in (0..<3).map { _ in Double.random(in: -4..<4, using: &logits) } })
      for member in 0..<2 {
        each[member].append(sample: row, labels: [row % 3], logits: rows[row][member][...])
      }
    }
    let mix = EnsembleMix([0.25, 0.75], averaging: .logits, temperature: 1.7)
    let found = Predictions(ensembleOf: each, by: mix)
    var expected = Predictions(classes: ["a", "b", "c"])
    for (row, logits) in rows.enumerated() {
      let mean = (0..<3).map { (0.25 * logits[0][$0] + 0.75 * logits[1][$0]) / 1.7 }
      expected.append(sample: row, labels: [row % 3], logits: mean[...])
    }
    expectNear(found.probabilities, expected.probabilities, 1e-12)
    expectNear(found.losses, expected.losses, 1e-12)
    let plain = Predictions(ensembleOf: each, by: EnsembleMix([0.25, 0.75]))
    let byHand = zip(each[0].probabilities, each[1].probabilities).map { 0.25 * $0 + 0.75 * $1 }
    expectNear(plain.probabilities, byHand, 1e-12)
  }

  /// 40 models that know nothing of 240 photos of two classes.
  private func noise() -> (members: [Predictions], folds: [Int]) {
    var random = SplitMix(state: 7)
    let labels = (0..<240).map { _ in [Bool.random(using: &random) ? 1 : 0] }
    let members = (0..<40).map { _ in
      Self.predictions(
        labels,
        labels.flatMap { _ in
          let p = Double.random(in: 0.02..<0.98, using: &random)
          return [p, 1 - p]
        }, classes: 2)
    }
    return (members, (0..<240).map { $0 % 5 })
  }

  @Test(arguments: [EnsembleFit.Rule.greedy, .logistic])
  func `of pure noise the cross-fitted score is chance, and the naive one isn't`(
    _ rule: EnsembleFit.Rule
  ) throws {
    let (members, folds) = noise()
    let fit = try EnsembleFit(
      members, folds: folds, weights: rule, averaging: rule == .greedy ? .probabilities : .logits,
      isScaled: true)
    let honest = Interval.ofAccuracy(fit.crossFitted.scores)
    let naive = Interval.ofAccuracy(fit.naive.scores)
    #expect(honest.contains(0.5), "\(honest)")
    #expect(naive.lower > 0.5, "\(naive)")
    #expect(fit.naive.scores[.loss] < log(2) - 0.01)
    #expect(fit.crossFitted.scores[.loss] > log(2) - 0.01)
    // By weights that each photo had a part in, it would be about 1.
    #expect(fit.mix.temperature > 20, "\(fit.mix.temperature)")
  }

  @Test(arguments: EnsembleFit.Rule.allCases, [2, 3, 13])
  func `what is said of a fold doesn't depend on its labels`(
    _ rule: EnsembleFit.Rule, folds count: Int
  ) throws {
    let folds = (0..<120).map { $0 % count }
    func fit(_ members: [Predictions]) throws -> EnsembleFit {
      try EnsembleFit(
        members, folds: folds, weights: rule,
        averaging: rule == .logistic ? .logits : .probabilities, isScaled: true)
    }
    let changed = golden.labels.enumerated().map { [folds[$0] == 1 ? ($1 + 1) % 4 : $1] }
    let (one, other) = (
      try fit(members),
      try fit(golden.members.map { Self.predictions(changed, $0, classes: 4) })
    )
    #expect(one.crossFitted.samples == Array(0..<120))
    #expect(one.crossFitted.labels == golden.labels)
    let own = (0..<120).filter { folds[$0] == 1 }
    let rest = (0..<120).filter { folds[$0] != 1 }
    #expect(
      one.crossFitted.rows(own).probabilities == other.crossFitted.rows(own).probabilities)
    #expect(
      one.crossFitted.rows(rest).probabilities != other.crossFitted.rows(rest).probabilities)
    let naive = Predictions(
      ensembleOf: members, by: EnsembleMix(one.mix.weights, averaging: one.mix.averaging))
    // No temperature of the same photos is better.
    #expect(abs(TemperatureScaling.temperature(of: one.naive) - 1) < 1e-6)
    #expect(one.naive.scores[.loss] <= naive.scores[.loss])
  }

  @Test func `without a member the others keep their proportions`() {
    let mix = EnsembleMix([0.5, 0.125, 0.375], averaging: .logits, temperature: 2)
    #expect(mix.without(0) == EnsembleMix([0.25, 0.75], averaging: .logits, temperature: 2))
    #expect(EnsembleMix([1, 0]).without(0) == nil)
    let scores = LeaveOneOut.scores(of: Array(members.prefix(3)), by: mix)
    let expected = Predictions(
      ensembleOf: [members[1], members[2]],
      by: EnsembleMix([0.25, 0.75], averaging: .logits, temperature: 2))
    #expect(scores[0] == expected.scores && scores[1] != nil)
  }
}
