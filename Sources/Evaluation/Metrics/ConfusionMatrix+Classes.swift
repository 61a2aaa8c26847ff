/// Scores of classes as scikit-learn defines them, with `zero_division=0`: where a denominator is zero,
/// the ratio is zero.
extension ConfusionMatrix {
  /// One class against the others.
  package struct ClassScores: Codable, Equatable, Sendable {
    package let name: String
    /// Of the photos taken for this class, the share that is of it.
    package let precision: Double
    /// Of the photos of this class, the share that was taken for it.
    package let recall: Double
    /// The harmonic mean of the two: 2·TP / (2·TP + FP + FN).
    package let f1: Double
    /// Photos of this class.
    package let support: Int
  }

  package var perClass: [ClassScores] {
    classes.indices.map { index in
      let (hits, support, predicted) = (self[index, index], support[index], predicted[index])
      return ClassScores(
        name: classes[index], precision: ratio(hits, predicted), recall: ratio(hits, support),
        f1: ratio(2 * hits, support + predicted), support: support)
    }
  }

  /// How many classes have a photo: those that balanced accuracy is the mean of.
  package var classesWithPhotos: Int { support.count { $0 > 0 } }

  /// The classes that have a photo or were predicted: those that macro F1 is the mean of.
  package var classesOccurring: [Int] {
    classes.indices.filter { support[$0] > 0 || predicted[$0] > 0 }
  }
}

/// A share; zero where the whole is.
func ratio(_ part: Int, _ whole: Int) -> Double {
  whole == 0 ? 0 : Double(part) / Double(whole)
}
