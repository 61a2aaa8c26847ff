import Files

/// A folder of several models that are asked together, with what they say of photos that each wasn't fitted to: an ensemble
/// that was fitted, or a set of cross-validations.
package struct SeveralModels {
  /// What all say together.
  package let table: String
  /// The members' folders, as they are seen from here.
  package let members: [String]

  /// Nil for any other folder.
  ///
  /// - Throws: `EnsembleError`, `CrossvalError`, `FileError`.
  package init?(at path: String) throws {
    let ensemble = EnsembleFolder(path: path)
    if ensemble.exists {
      table = "\(ensemble.path)/\(EnsembleFolder.predictions)"
      members = try ensemble.read().members.map { ensemble.place(of: $0.path) }
      return
    }
    let set = CrossvalSet(path: path)
    guard set.exists else { return nil }
    table = set.predictions
    members = try set.members().map(\.path)
  }
}
