/// The result of an evaluation.
package struct Scores: Codable, Equatable, Sendable {
  package let accuracy: Double
  package let balancedAccuracy: Double
  package let macroF1: Double
  package let weightedF1: Double
  package let loss: Double
  package let photos: Int
  /// In the order of the classes.
  package let perClass: [ConfusionMatrix.ClassScores]
  /// `[label][predicted]`, in the order of the classes.
  package let confusionMatrix: [[Int]]

  /// - Parameter losses: of all photos in the order of their list, which is that of the sum.
  package init(_ matrix: ConfusionMatrix, losses: [Double]) {
    precondition(losses.count == matrix.photos)
    self.init(
      matrix, loss: losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count))
  }

  /// - Parameter loss: the mean over the photos.
  package init(_ matrix: ConfusionMatrix, loss: Double) {
    accuracy = matrix.accuracy
    balancedAccuracy = matrix.balancedAccuracy
    macroF1 = matrix.macroF1
    weightedF1 = matrix.weightedF1
    self.loss = loss
    photos = matrix.photos
    perClass = matrix.perClass
    let classes = matrix.classes.indices
    confusionMatrix = classes.map { label in classes.map { matrix[label, $0] } }
  }

  private enum CodingKeys: String, CodingKey {
    case accuracy, loss, photos
    case balancedAccuracy = "balanced_accuracy"
    case macroF1 = "macro_f1"
    case weightedF1 = "weighted_f1"
    case perClass = "per_class"
    case confusionMatrix = "confusion_matrix"
  }
}
