import Evaluation
package import Runs

/// A cross-validation's scores as text for people.
package enum FoldsTable {
  /// A row for each fold, their mean and their standard deviation, with a newline at the end.
  ///
  ///     fold  accuracy  balanced  macro F1  weighted F1  kappa   loss  photos
  ///     0        0.912     0.902     0.904        0.911  0.895  0.312     682
  ///     …
  ///     mean     0.908     …
  ///     ± sd     0.007     …
  ///
  /// Where several views were averaged, the mean of the plain view is the last row.
  package static func text(_ result: CrossvalResult) -> String {
    let metrics = result.metricsInTables
    let head = ["fold"] + metrics.map(\.title) + ["photos"]
    let folds = result.folds.map { fold in
      row("\(fold.fold)", metrics, photos: "\(fold.scores.photos)") { fold.scores[$0] }
    }
    return TextTable.aligned(
      [head] + folds + [
        row("mean", metrics, photos: "") { result[$0].mean },
        row("± sd", metrics, photos: "") { result[$0].standardDeviation },
      ] + plain(result))
  }

  private static func plain(_ result: CrossvalResult) -> [[String]] {
    guard result.plain(.loss) != nil else { return [] }
    return [
      row("mean, plain view", result.metricsInTables, photos: "") { result.plain($0)?.mean ?? .nan }
    ]
  }

  private static func row(
    _ name: String, _ metrics: [Metric], photos: String, _ value: (Metric) -> Double
  ) -> [String] {
    [name] + metrics.map { $0.text(value($0)) } + [photos]
  }
}
