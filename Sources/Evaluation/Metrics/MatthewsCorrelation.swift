extension Metric {
  /// The correlation of labels and predictions: Gorodkin, "Comparing two K-category assignments by a K-category
  /// correlation coefficient", 2004, which Matthews had for two classes (1975); scikit-learn's
  /// `matthews_corrcoef`. With n photos, h of them recognised, and t and p a class's labels and predictions,
  /// (n·h − Σ t·p) / √((n² − Σ t²)(n² − Σ p²)). Zero where all photos are of one class, or taken for one.
  package static let matthewsCorrelation = Metric(
    "matthews-correlation", title: "Matthews", tables: .none
  ) { matrix in
    // Whole numbers up to the root.
    let all = matrix.photos * matrix.photos
    var (together, labels, predictions) = (0, all, all)
    for index in matrix.classes.indices {
      let (label, predicted) = (matrix.support[index], matrix.predicted[index])
      together += matrix.photos * matrix[index, index] - label * predicted
      labels -= label * label
      predictions -= predicted * predicted
    }
    if labels == 0 || predictions == 0 { return 0 }
    return Double(together) / (Double(labels) * Double(predictions)).squareRoot()
  }
}
