// Where a run's folder has what models say of photos.
extension RunFolder {
  package var predictions: String { "\(path)/predictions" }
  /// Of the validation photos, where `tutti evaluate --csv` was asked to leave it here.
  package var validated: String { "\(path)/validation.csv" }
  /// Of a fold's run: what its model says of the photos that were held out.
  package var heldOut: String { "\(predictions)/held-out.csv" }
  /// Of a probe's linear heads: each photo by the one that was not fitted to it.
  package var outOfFold: String { "\(predictions)/oof.csv" }
  /// Of a probe's regularised heads.
  package var outOfFoldRegularised: String { "\(predictions)/oof-regularised.csv" }
}
