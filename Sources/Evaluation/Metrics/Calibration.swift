/// How often photos are right of which a model was about as sure: the bins of a reliability diagram. Guo, Pleiss, Sun and
/// Weinberger, "On calibration of modern neural networks", ICML 2017.
package struct Calibration: Codable, Equatable, Sendable {
  package struct Bin: Codable, Equatable, Sendable {
    package let photos: Int
    /// The mean probability of the predicted class; nil without photos.
    package let confidence: Double?
    /// The share of them that is right; nil without photos.
    package let accuracy: Double?
  }

  /// Fifteen bins of equal width: the b-th, from 0, has the photos whose confidence is above b/15, and no more than
  /// (b + 1)/15.
  static let count = 15

  package let bins: [Bin]
  /// The expected calibration error (ECE): Σ over the bins of |right photos − Σ confidence|, over all photos.
  let error: Double

  private enum CodingKeys: String, CodingKey { case bins, error }

  /// - Parameters:
  ///   - photos, right: of each bin.
  ///   - confidence: the sums.
  init(photos: [Int], right: [Int], confidence: [Double]) {
    let rows = zip(photos, zip(right, confidence)).map { ($0, $1.0, $1.1) }
    bins = rows.map { photos, right, sum in
      Bin(
        photos: photos, confidence: photos == 0 ? nil : sum / Double(photos),
        accuracy: photos == 0 ? nil : ratio(right, photos))
    }
    let gap = rows.reduce(0) { $0 + abs(Double($1.1) - $1.2) }
    error = gap / Double(max(1, photos.reduce(0, +)))
  }

  /// The bin of a confidence; no number is in the first.
  static func bin(of confidence: Double) -> Int {
    guard confidence > 0 else { return 0 }
    guard confidence < 1 else { return count - 1 }
    var bin = min(count - 1, Int(confidence * Double(count)))
    // Products are rounded, borders are not.
    while bin > 0, confidence <= Double(bin) / Double(count) { bin -= 1 }
    while bin < count - 1, confidence > Double(bin + 1) / Double(count) { bin += 1 }
    return bin
  }
}

extension Metric {
  /// The expected calibration error of the predicted class's probability.
  package static let calibrationError = Metric(
    "calibration-error", title: "ECE", .lowerIsBetter, tables: .none,
    ofProbabilities: { $0.calibration.error })
}
