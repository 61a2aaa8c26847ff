extension Metric {
  /// The share of photos whose label is among the three most probable classes, where there are more than three.
  package static let top3Accuracy = ofTop(3)
  /// The same of five.
  package static let top5Accuracy = ofTop(5)

  /// scikit-learn's `top_k_accuracy_score`, but that of equally probable classes the first come first, as for
  /// `accuracy`, which is so the same of one.
  private static func ofTop(_ count: Int) -> Metric {
    Metric(
      "top-\(count)-accuracy", title: "top-\(count)", tables: .none,
      ofProbabilities: { ratio($0.places.prefix(count).reduce(0, +), $0.photos) },
      isOfClasses: { $0.count > count })
  }
}
