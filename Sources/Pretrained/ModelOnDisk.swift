import Checkpoints
import Glibc
import Interchange
import Models
import NeuralNetworks
import Tensors

/// A model that can be asked, as rank 0 finds it on the disk: a run's, or a file of weights that
/// somebody else trained.
struct FoundModel {
  /// The checkpoint's folder, or the file.
  let path: String
  let recipe: String
  let recipePath: String
  let state: TrainingState
  /// Of the images that it was trained on.
  let channels: Int
  let isOneOfFolds: Bool
  private let weights: Weights

  private enum Weights {
    case checkpoint(Checkpoint)
    case file(PretrainedFile, model: String)
  }

  /// Finds the model of a path, or those of a cross-validation's folds.
  ///
  /// - Throws: as `SavedModel.all` and `PretrainedFile`.
  static func all(at path: String) throws -> [FoundModel] {
    if PretrainedFile.isFile(path) { return [try FoundModel(file: path)] }
    guard access(path, F_OK) == 0 || path.contains("@") else { throw PretrainedError.noModel(path) }
    let (models, areFolds) = try SavedModel.all(at: path)
    return try models.map { try FoundModel($0, isOneOfFolds: areFolds) }
  }

  private init(_ model: SavedModel, isOneOfFolds: Bool) throws {
    path = model.checkpoint.path
    recipe = model.recipe
    recipePath = model.recipePath
    state = model.checkpoint.state
    let filters = try model.checkpoint.open(Checkpoint.model).entries.first {
      $0.shape.extents.count == 4
    }
    channels = filters?.shape[1] ?? 0
    self.isOneOfFolds = isOneOfFolds
    weights = .checkpoint(model.checkpoint)
  }

  /// The net is the one that the file's tensors suit; its classes have numbers for names.
  private init(file path: String) throws {
    let source = try PretrainedFile(path: path)
    let file = try WeightsFile(path: path)
    guard let name = ModelCatalogue.name(suiting: file) else {
      throw PretrainedError.noNet(path, tensors: file.entries.count)
    }
    guard let classes = PretrainedWeights.classes(of: file, forModel: name) else {
      throw PretrainedError.noHead(path, model: name)
    }
    let side = ModelCatalogue.usualImageSize(of: name)
    let steps = [AugmentStep.resize(side), .normalize(.auto)]
      .filled(from: try source.preparation(forModel: name).preparation)
    self.path = path
    recipe = try Recipe(overrides: [
      "model.name=\(name)", "model.image-size=\(side)",
      "augment=\(RecipeKind<[AugmentStep]>.steps(imageSize: side).write(steps))",
    ]).resolved
    recipePath = path
    state = TrainingState(
      classes: (0..<classes).map(String.init), recipeDigest: "", dataDigest: source.digest)
    channels = 3
    isOneOfFolds = false
    weights = .file(source, model: name)
  }

  /// Fills the model's weights. Throws when they are another model's.
  func read(into model: Model) throws -> FlatStore {
    switch weights {
    case .checkpoint(let checkpoint):
      let weights = FlatStore.weights(model.layout)
      try checkpoint.readWeights(into: weights)
      return weights
    case .file(let source, let name):
      return try PretrainedWeights(
        source, into: model, named: name, classes: state.classes, seed: 0, loading: .strict
      ).weights
    }
  }
}
