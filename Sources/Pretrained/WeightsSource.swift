import Checkpoints
import Files
package import Interchange
import Models
import Recipes
package import Runs
import Tensors

/// What `model.weights` names: a file of weights in any format that is read, or a run or checkpoint of
/// one's own. Only rank 0 looks.
package struct WeightsSource {
  /// Of the file with the tensors.
  package let path: String
  package let digest: String
  /// The run's, when it is a checkpoint's file.
  package let model: SavedModel?
  /// The file with the tensors, open.
  package let file: WeightsFile
  /// What the file says of itself, when Tutti exported it.
  let description: ModelDescription?
  /// What timm says of it.
  private let config: TimmConfig?

  /// - Parameter averaged: whether averaged weights are taken where a file has raw ones as well.
  /// - Throws: `PretrainedError`, `WeightsFileError`, `SafetensorsError`, `RunError`,
  ///   `CheckpointError`, `FileError`.
  package init(path: String, averaged: Bool) throws {
    let isFile = Paths.isFile(path)
    guard isFile || Paths.exists(path) || path.endsExactly(with: "@last") else {
      throw PretrainedError.notThere(path)
    }
    let model = isFile ? nil : try SavedModel(path: path)
    self.model = model
    let role = averaged ? try model?.role() ?? .raw : .raw
    let tensors = Checkpoint.fileName(of: role)
    self.path = model.map { "\($0.checkpoint.path)/\(tensors)" } ?? path
    if isFile { try WeightsFile.checkLength(of: path) }
    // A checkpoint's files have just been compared with their digests.
    digest = try model?.checkpoint.state.files[tensors] ?? Digest.hex(ofFile: self.path)
    if isFile, let digits = digestDigits(inName: path), !digest.hasPrefix(digits) {
      throw PretrainedError.digestInName(path, named: digits, found: digest)
    }
    file = try WeightsFile(path: self.path, averaged: averaged)
    description = isFile ? try ModelDescription(in: file) : nil
    config = isFile && description == nil ? try TimmConfig(besides: path) : nil
  }

  /// The settings of how a file is read: its path, and those of others that say so.
  package static func settings(of path: String, among settings: [String]) -> [String] {
    ["model.weights=\(Recipe.value(path))"]
      + settings.filter { setting in
        // Spaces may stand around the equals sign.
        let key = (setting.pieces(at: "=").first ?? "").pieces(at: " ").joined()
        return ["model.averaged", "model.loading"].contains(where: key.isExactly)
      }
  }

  /// The names of its classes, where it has any.
  var classes: [String]? { model?.checkpoint.state.classes ?? description?.classes }

  /// The names of so many outputs in their order, where they are known: the file's own, those that timm
  /// lists, or ImageNet's.
  func classes(ofOutputs count: Int) -> [String]? {
    if let classes = classes ?? config?.classes, classes.count == count,
      Set(classes.map(ExactText.init)).count == count
    {
      return classes
    }
    let isImageNets = config?.isOfImageNet ?? (Preparation.known(digest: digest) != nil)
    return isImageNets && count == ImageNetClasses.names.count ? ImageNetClasses.names : nil
  }

  /// How photos are to be prepared for the weights, in a net of that name: by the run's recipe, by what
  /// the file says of itself, by its digest, by timm's JSON beside it, or by a guess.
  package func preparation(forModel name: String) throws -> (
    preparation: Preparation, isGuessed: Bool
  ) {
    if let model {
      return (Preparation(of: try Recipe(model.recipe)), false)
    }
    if let told = description?.preparation ?? .known(digest: digest) ?? config?.preparation {
      return (told, false)
    }
    let map = NameMap(
      of: ModelCatalogue.tensorNames(of: name),
      in: file.entries.map(\.name), averaged: file.prefersAverages)
    return (.guessed(model: name, naming: map.naming), true)
  }
}
