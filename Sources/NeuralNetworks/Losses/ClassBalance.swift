import Glibc

/// How many times as often as others a photo counts for its class, where classes differ in size.
package enum ClassBalance: Equatable, Sendable {
  /// 1/n of a class of n photos: all classes count the same; scikit-learn's `balanced`, but for a factor.
  case inverseFrequency
  /// 1/√n: halfway.
  case squareRoot
  /// (1 − β)/(1 − βⁿ): Cui et al., "Class-balanced loss based on effective number of samples", 2019.
  case effectiveNumber(beta: Double)
  /// By the classes' names, 1 for the others.
  case given([String: Double])

  /// The factor of each class's photos, of which 1 is the mean over all photos.
  ///
  /// - Parameter counts: photos of each class; one that has none gets 0.
  package func factors(of classes: [String], counts: [Int]) -> [Double] {
    let raw = zip(classes, counts).map { $1 == 0 ? 0 : factor(of: $0, count: $1) }
    let mean = zip(raw, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(counts.reduce(0, +))
    return raw.map { $0 / mean }
  }

  /// What it counts, where each class is a yes or no of its own, that a photo has the class: the factor of the n
  /// photos that have it over that of the N − n that don't. By `inverseFrequency` that is (N − n)/n, the `pos_weight` of
  /// PyTorch's documentation; given factors are taken as they are.
  ///
  /// - Parameter counts: photos with each class; none or all count as one without the other.
  package func positiveWeights(
    of classes: [String], counts: [Int], photos: Int
  ) -> [Double] {
    zip(classes, counts).map { name, count in
      if case .given(let factors) = self { return factors[name] ?? 1 }
      return factor(of: name, count: max(count, 1))
        / factor(of: name, count: max(photos - count, 1))
    }
  }

  private func factor(of name: String, count: Int) -> Double {
    switch self {
    case .inverseFrequency: 1 / Double(count)
    case .squareRoot: 1 / Double(count).squareRoot()
    case .effectiveNumber(let beta): (1 - beta) / (1 - pow(beta, Double(count)))
    case .given(let factors): factors[name] ?? 1
    }
  }
}
