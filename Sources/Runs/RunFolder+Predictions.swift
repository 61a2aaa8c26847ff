// Where a run's folder has what models say of photos.
extension RunFolder {
  /// Of any folder that a report is about, the report.
  package static let report = "report.html"
  package var predictions: String { "\(path)/predictions" }
  /// Of the validation photos, what the best epoch says.
  package var validated: String { "\(path)/validation.csv" }
  /// Of a fold's run: what its model says of the photos that were held out.
  package var heldOut: String { "\(predictions)/held-out.csv" }
  /// Of a probe's linear heads: each photo by the one that was not fitted to it.
  package var outOfFold: String { "\(predictions)/oof.csv" }
  /// Of a probe's regularised heads.
  package var outOfFoldRegularised: String { "\(predictions)/oof-regularised.csv" }
}
