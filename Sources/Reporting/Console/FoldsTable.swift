package import Evaluation

/// A cross-validation's scores as text for people.
package enum FoldsTable {
  /// A row for each fold, their mean and their standard deviation, with a newline at the end.
  ///
  ///     fold  accuracy  balanced  macro F1  weighted F1   loss  photos
  ///     0        0.912     0.902     0.904        0.911  0.312     682
  ///     …
  ///     mean     0.908     …
  ///     ± sd     0.007     …
  ///
  /// - Parameters:
  ///   - mean, deviation: of accuracy, balanced accuracy, macro F1, weighted F1 and loss.
  package static func text(
    folds: [(fold: Int, scores: Scores)], mean: [Double], deviation: [Double]
  ) -> String {
    let header = [
      "fold", "accuracy", "balanced", "macro F1", "weighted F1", "loss", "photos",
    ]
    let rows = folds.map { fold, scores in
      row(
        "\(fold)",
        [
          scores.accuracy, scores.balancedAccuracy, scores.macroF1, scores.weightedF1, scores.loss,
        ], photos: "\(scores.photos)")
    }
    return TextTable.aligned(
      [header] + rows + [row("mean", mean, photos: ""), row("± sd", deviation, photos: "")])
  }

  private static func row(_ name: String, _ values: [Double], photos: String) -> [String] {
    [name] + values.map { NumberText.fixed($0, 3) } + [photos]
  }
}
