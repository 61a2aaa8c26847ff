/// Scores of classes as scikit-learn defines them, with `zero_division=0`: where a denominator is zero,
/// the ratio is zero.
extension ConfusionMatrix {
  package var perClass: [ClassScores] {
    classes.indices.map { index in
      ClassScores(
        name: classes[index], hits: self[index, index], support: support[index],
        predicted: predicted[index])
    }
  }

  /// How many classes have a photo: those that balanced accuracy is the mean of.
  package var classesWithPhotos: Int { support.count { $0 > 0 } }

  /// The classes that have a photo or were predicted: those that macro F1 is the mean of.
  package var classesOccurring: [Int] {
    classes.indices.filter { support[$0] > 0 || predicted[$0] > 0 }
  }
}
