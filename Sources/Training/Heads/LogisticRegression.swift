import Glibc
package import Inference
import Kernels
package import NeuralNetworks
import Optimizers

/// Multinomial logistic regression with an L2 penalty on features of mean 0 and deviation 1: a linear
/// head that is fitted to the end, so that it depends on nothing but its photos. For n photos it is
/// the minimum over W and b of
///
///     C · Σᵢ wᵢ · Σₖ −qᵢₖ log softmax(xᵢ·W + b)[k] + ½ ‖W‖²
///
/// with weights w and soft labels q (mostly one, and 1 for the label), as scikit-learn's
/// `LogisticRegression(C=C)` with sample weights behind a `StandardScaler` without. How nets' features are
/// compared: Kornblith, Shlens and Le, "Do better ImageNet models transfer better?", CVPR 2019.
package struct LogisticRegression: Sendable {
  /// W `[width, classes]` over standardised features, then b `[classes]`.
  package let coefficients: [Double]
  package let standardization: Standardization
  /// C: how little is penalised.
  package let inversePenalty: Double
  /// Of L-BFGS.
  package let iterations: Int
  package let classes: Int

  /// Half decades. The penalty is weakened until photos that are set apart are predicted no better.
  package static let inversePenalties = (-8...4).map { pow(10, Double($0) / 2) }

  /// Fits rows of features.
  ///
  /// - Parameters:
  ///   - targets: of all rows, of which `rows` are taken.
  ///   - start: coefficients to start from, which make it faster and not another.
  package init(
    _ features: Features, targets: Targets, classes: Int, rows: [Int], inversePenalty: Double,
    tolerance: Double = 1e-5, from start: [Double]? = nil
  ) {
    let objective = Objective(features, targets[rows], classes: classes, rows: rows)
    self.init(objective, inversePenalty: inversePenalty, tolerance: tolerance, from: start)
  }

  /// Chooses the penalty by the loss of `validation`, fitting `training`, and then fits both. As whatever
  /// validates, that loss is of labels, each of which counts once.
  package init(
    choosingBy validation: [Int], training: [Int], of features: Features, targets: Targets,
    classes: Int
  ) {
    let objective = Objective(features, targets[training], classes: classes, rows: training)
    var best: (fit: LogisticRegression, loss: Double)?
    for inversePenalty in Self.inversePenalties {
      let fit = LogisticRegression(
        objective, inversePenalty: inversePenalty, tolerance: 1e-4, from: best?.fit.coefficients)
      let loss = fit.loss(of: features, labels: targets.labels, rows: validation)
      if let best, best.loss <= loss { break }
      best = (fit, loss)
    }
    self.init(
      features, targets: targets, classes: classes, rows: (training + validation).sorted(),
      inversePenalty: best?.fit.inversePenalty ?? 1, from: best?.fit.coefficients)
  }

  private init(
    _ objective: Objective, inversePenalty: Double, tolerance: Double, from start: [Double]?
  ) {
    var point = start ?? [Double](repeating: 0, count: objective.coefficients)
    let penalty = 1 / (inversePenalty * objective.weight)
    iterations = LBFGS(tolerance: tolerance).minimise(from: &point) {
      objective.value(at: $0, penalty: penalty, gradient: &$1)
    }
    coefficients = point
    standardization = objective.standardization
    classes = objective.classes
    self.inversePenalty = inversePenalty
  }

  /// The logits `[rows, classes]` of some rows.
  package func logits(of features: Features, rows: [Int]) -> [Double] {
    let (width, classes) = (features.width, classes)
    var logits = [Double](repeating: 0, count: rows.count * classes)
    multiply(
      standardization.apply(to: features, rows: rows), coefficients, into: &logits,
      rows: rows.count, columns: classes, depth: width)
    for index in logits.indices { logits[index] += coefficients[width * classes + index % classes] }
    return logits
  }

  /// The mean of −log p of the rows' labels.
  private func loss(of features: Features, labels: [Int], rows: [Int]) -> Double {
    var logits = logits(of: features, rows: rows)
    let losses = rows.enumerated().map { place, row in
      let label = logits[place * classes + labels[row]]
      return softmax(&logits, at: place * classes, count: classes) - label
    }
    return losses.reduce(0, +) / Double(rows.count)
  }

  /// The same as a linear layer on features as they are: weight `[width, classes]` and bias.
  package var linearLayer: (weight: [Float], bias: [Float]) {
    let width = standardization.means.count
    var bias = Array(coefficients[(width * classes)...])
    var weight: [Float] = []
    for feature in 0..<width {
      for label in 0..<classes {
        let w = coefficients[feature * classes + label] / standardization.deviations[feature]
        weight.append(Float(w))
        bias[label] -= w * standardization.means[feature]
      }
    }
    return (weight, bias.map { Float($0) })
  }
}

/// The mean loss and its gradient over some rows.
private struct Objective {
  let standardization: Standardization
  let classes: Int
  /// Of all rows. Where they have none it is their number, so that the penalty alone is left.
  let weight: Double
  /// Of each row.
  private let weights: [Double]
  /// `[rows, classes]`, with sums of one.
  private let shares: [Double]
  private let inputs: [Double]
  private let width: Int

  init(_ features: Features, _ targets: Targets, classes: Int, rows: [Int]) {
    standardization = Standardization(features, rows: rows)
    inputs = standardization.apply(to: features, rows: rows)
    weights = targets.weights?.map(Double.init) ?? rows.map { _ in 1 }
    let sum = weights.reduce(0, +)
    weight = sum > 0 ? sum : Double(rows.count)
    shares = Self.shares(of: targets, classes: classes)
    self.classes = classes
    width = features.width
  }

  /// In Double soft labels sum to one exactly enough; b is not penalised, and would follow what is missing.
  private static func shares(of targets: Targets, classes: Int) -> [Double] {
    var shares = [Double](repeating: 0, count: targets.count * classes)
    for (row, label) in targets.labels.enumerated() {
      let range = (row * classes)..<((row + 1) * classes)
      guard let soft = targets.softLabels?[range] else {
        shares[range.lowerBound + label] = 1
        continue
      }
      let sum = soft.reduce(0) { $0 + Double($1) }
      for place in range { shares[place] = Double(soft[place]) / sum }
    }
    return shares
  }

  private var rows: Int { weights.count }
  var coefficients: Int { (width + 1) * classes }

  func value(at point: [Double], penalty: Double, gradient: inout [Double]) -> Double {
    let bias = width * classes
    let share = 1 / weight
    var outputs = [Double](repeating: 0, count: rows * classes)
    multiply(inputs, point, into: &outputs, rows: rows, columns: classes, depth: width)
    for index in outputs.indices { outputs[index] += point[bias + index % classes] }
    var loss = 0.0
    for (row, weight) in weights.enumerated() {
      let range = (row * classes)..<((row + 1) * classes)
      // A product with 0 adds nothing, so that a row of 0 and 1 gets the bits of its label.
      let meant = range.reduce(0.0) { $0 + shares[$1] * outputs[$1] }
      loss += weight * (softmax(&outputs, at: range.lowerBound, count: classes) - meant)
      for place in range { outputs[place] = (outputs[place] - shares[place]) * (weight * share) }
    }
    multiply(
      inputs, transposed: true, outputs, into: &gradient, rows: width, columns: classes,
      depth: rows)
    var squares = 0.0
    for index in 0..<bias {
      squares += point[index] * point[index]
      gradient[index] += penalty * point[index]
    }
    for label in 0..<classes {
      gradient[bias + label] = 0
      for row in 0..<rows { gradient[bias + label] += outputs[row * classes + label] }
    }
    return loss * share + penalty / 2 * squares
  }
}

/// Makes probabilities of the logits from `start` on, and gives log Σ exp of these.
private func softmax(_ values: inout [Double], at start: Int, count: Int) -> Double {
  let range = start..<(start + count)
  var largest = -Double.infinity
  for index in range { largest = max(largest, values[index]) }
  var sum = 0.0
  for index in range {
    values[index] = exp(values[index] - largest)
    sum += values[index]
  }
  for index in range { values[index] /= sum }
  return largest + log(sum)
}
