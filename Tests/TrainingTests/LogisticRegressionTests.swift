import Foundation
import Inference
import NeuralNetworks
import Support
import Testing
@testable import Training

@Suite struct LogisticRegressionTests {
  /// Of golden values: 70 rows to fit and 20 others, 4 classes.
  private struct Case {
    let features: Features
    let labels: [Int]
    var targets: Targets { Targets(labels) }
    let fitted = Array(0..<70)
    let others = Array(70..<90)
    private let golden: Golden

    init() throws {
      golden = try Golden("probe")
      features = Features(width: 12, values: try golden.floats("features"))
      labels = try golden.integers("labels")
    }

    var softTargets: Targets {
      get throws {
        Targets(
          labels, softLabels: try golden.floats("soft_labels"),
          weights: try golden.floats("weights"))
      }
    }

    func values(_ name: String, _ penalty: String) throws -> [Double] {
      try golden.doubles("\(penalty).\(name)")
    }
  }

  @Test(arguments: [("0.01", 0.01), ("1", 1.0)])
  func `coefficients and probabilities are scikit-learn's`(name: String, penalty: Double) throws {
    let data = try Case()
    let fit = LogisticRegression(
      data.features, targets: data.targets, classes: 4, rows: data.fitted, inversePenalty: penalty,
      tolerance: 1e-10)
    let expected = try data.values("coefficients", name) + data.values("intercepts", name)
    #expect(distance(fit.coefficients, expected) < 1e-6)

    let probabilities = try data.values("probabilities", name)
    let logits = fit.logits(of: data.features, rows: Array(0..<90))
    #expect(distance(softmax(logits), probabilities) < 1e-6)

    // The constant feature is worth nothing.
    #expect(fit.standardization.deviations[11] == 1)
    #expect(fit.coefficients[44..<48].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [("0.01", 0.01), ("1", 1.0)])
  func `with soft labels and weights, they are scikit-learn's of rows for each class`(
    name: String, penalty: Double
  ) throws {
    let data = try Case()
    let fit = LogisticRegression(
      data.features, targets: try data.softTargets, classes: 4, rows: data.fitted,
      inversePenalty: penalty, tolerance: 1e-10)
    let name = "soft.\(name)"
    let expected = try data.values("coefficients", name) + data.values("intercepts", name)
    #expect(distance(fit.coefficients, expected) < 1e-6)
    let logits = fit.logits(of: data.features, rows: Array(0..<90))
    #expect(distance(softmax(logits), try data.values("probabilities", name)) < 1e-6)
  }

  @Test func `weights of 1 and rows of 0 and 1 change no bit, and without weight nothing is found`()
    throws
  {
    let data = try Case()
    func fit(_ targets: Targets) -> [Double] {
      LogisticRegression(
        data.features, targets: targets, classes: 4, rows: data.fitted, inversePenalty: 1
      ).coefficients
    }
    let rows = data.labels.flatMap { label in (0..<4).map { $0 == label ? Float(1) : 0 } }
    let ones = [Float](repeating: 1, count: 90)
    #expect(
      fit(Targets(data.labels, softLabels: rows, weights: ones)) == fit(Targets(data.labels)))
    let none = fit(Targets(data.labels, weights: [Float](repeating: 0, count: 90)))
    #expect(none.allSatisfy { $0 == 0 })
  }

  @Test func `the linear layer says the same of features as they are`() throws {
    let data = try Case()
    let fit = LogisticRegression(
      data.features, targets: data.targets, classes: 4, rows: data.fitted, inversePenalty: 0.1)
    let (weight, bias) = fit.linearLayer
    let logits = fit.logits(of: data.features, rows: data.others)
    let direct = data.others.flatMap { row in
      (0..<4).map { label in
        data.features[row].enumerated().reduce(Double(bias[label])) { sum, feature in
          sum + Double(feature.element) * Double(weight[feature.offset * 4 + label])
        }
      }
    }
    #expect(distance(direct, logits) < 1e-4)
  }

  @Test
  func `the penalty is the one with the least loss, and all rows are fitted with it`() throws {
    let data = try Case()
    let chosen = LogisticRegression(
      choosingBy: data.others, training: data.fitted, of: data.features, targets: data.targets,
      classes: 4)
    let losses = LogisticRegression.inversePenalties.map { penalty in
      let fit = LogisticRegression(
        data.features, targets: data.targets, classes: 4, rows: data.fitted,
        inversePenalty: penalty)
      let probabilities = softmax(fit.logits(of: data.features, rows: data.others))
      return data.others.enumerated().reduce(1) { product, row in
        product / probabilities[4 * row.offset + data.labels[row.element]]
      }
    }
    let least = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(least > 0 && least < losses.count - 1)
    #expect(chosen.inversePenalty == LogisticRegression.inversePenalties[least])
    let again = LogisticRegression(
      data.features, targets: data.targets, classes: 4, rows: Array(0..<90),
      inversePenalty: chosen.inversePenalty)
    #expect(distance(chosen.coefficients, again.coefficients) < 1e-3)
  }

  /// The largest difference; infinite between lists of unlike lengths.
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  /// Of rows of 4 logits.
  private func softmax(_ logits: [Double]) -> [Double] {
    stride(from: 0, to: logits.count, by: 4).flatMap { start in
      let powers = logits[start..<(start + 4)].map { exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
  }
}
