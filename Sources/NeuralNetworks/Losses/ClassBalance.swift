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
    let raw = zip(classes, counts).map { name, count -> Double in
      if count == 0 { return 0 }
      return switch self {
      case .inverseFrequency: 1 / Double(count)
      case .squareRoot: 1 / Double(count).squareRoot()
      case .effectiveNumber(let beta): (1 - beta) / (1 - pow(beta, Double(count)))
      case .given(let factors): factors[name] ?? 1
      }
    }
    let mean = zip(raw, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(counts.reduce(0, +))
    return raw.map { $0 / mean }
  }
}
