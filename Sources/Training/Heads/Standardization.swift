package import Inference

/// Brings each feature to mean 0 and deviation 1 over some photos, as scikit-learn's
/// `StandardScaler`; a feature that is the same in all of them is only centred.
package struct Standardization: Equatable, Sendable {
  package let means: [Double]
  /// With n, and 1 in the place of 0.
  package let deviations: [Double]

  package init(_ features: Features, rows: [Int]) {
    let count = Double(rows.count)
    var means = [Double](repeating: 0, count: features.width)
    for row in rows {
      for (index, value) in features[row].enumerated() { means[index] += Double(value) }
    }
    for index in means.indices { means[index] /= count }
    var squares = [Double](repeating: 0, count: features.width)
    for row in rows {
      for (index, value) in features[row].enumerated() {
        let distance = Double(value) - means[index]
        squares[index] += distance * distance
      }
    }
    self.means = means
    deviations = squares.map { $0 == 0 ? 1 : ($0 / count).squareRoot() }
  }

  /// The rows' standardised features `[rows, width]`.
  func apply(to features: Features, rows: [Int]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(rows.count * features.width)
    for row in rows {
      for (index, value) in features[row].enumerated() {
        result.append((Double(value) - means[index]) / deviations[index])
      }
    }
    return result
  }
}
