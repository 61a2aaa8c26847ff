import Checkpoints
import Files
import Interchange
import Models
import Recipes
package import Runs

/// What `model.weights` names: a file of weights in any format that is read, or a run or checkpoint of
/// one's own. Only rank 0 looks.
package struct WeightsSource {
  /// Of the file with the tensors.
  package let path: String
  package let digest: String
  /// The run's, when it is a checkpoint's file.
  package let model: SavedModel?

  /// - Throws: `PretrainedError`, `RunError`, `CheckpointError`, `FileError`.
  package init(path: String) throws {
    let isFile = Paths.isFile(path)
    guard isFile || Paths.exists(path) || path.hasSuffix("@last") else {
      throw PretrainedError.notThere(path)
    }
    let model = isFile ? nil : try SavedModel(path: path)
    self.model = model
    self.path = model.map { "\($0.checkpoint.path)/\(Checkpoint.model)" } ?? path
    // A checkpoint's files have just been compared with their digests.
    digest = try model?.checkpoint.state.files[Checkpoint.model] ?? Digest.hex(ofFile: self.path)
    if isFile, let digits = digestDigits(inName: path), !digest.hasPrefix(digits) {
      throw PretrainedError.digestInName(path, named: digits, found: digest)
    }
  }

  /// How photos are to be prepared for the weights, in a net of that name: by the run's recipe, by the
  /// file's digest, by timm's JSON beside it, or by a guess.
  package func preparation(forModel name: String) throws -> (
    preparation: Preparation, isGuessed: Bool
  ) {
    if let model {
      return (Preparation(of: try Recipe(model.recipe)), false)
    }
    if let known = try Preparation.known(digest: digest) ?? .besides(weights: path) {
      return (known, false)
    }
    let file = try WeightsFile(path: path)
    let map = NameMap(of: ModelCatalogue.tensorNames(of: name), in: file.entries.map(\.name))
    return (.guessed(model: name, naming: map.naming), true)
  }
}
