package import Checkpoints
import Files
import Images
import Interchange
import Models
package import NeuralNetworks
package import Recipes
import Runs
package import Tensors

/// A model that can be asked, as rank 0 finds it on the disk: a run's, or a file of weights that
/// somebody else trained.
package struct ModelOnDisk {
  /// What the other ranks get to know of it.
  package struct Summary: Codable, Sendable {
    /// The checkpoint's folder, or the file.
    package let path: String
    package let recipe: SavedRecipe
    package let state: TrainingState
    /// Of the images that it was trained on.
    package let channels: Int
    /// One of a cross-validation's models, all of which were asked for.
    package let isOneOfFolds: Bool
    /// What is to be said of its recipe; nil for nothing.
    package let recipeNote: String?
  }

  package let summary: Summary
  private let weights: Weights

  private enum Weights {
    case checkpoint(Checkpoint)
    case file(WeightsSource, model: String)
  }

  /// Finds the model of a path, or those of a cross-validation's folds.
  ///
  /// - Throws: as `SavedModel.all` and `WeightsSource`.
  package static func all(at path: String) throws -> [ModelOnDisk] {
    if Paths.isFile(path) { return [try ModelOnDisk(file: path)] }
    guard Paths.exists(path) || path.contains("@") else { throw PretrainedError.noModel(path) }
    let (models, areFolds) = try SavedModel.all(at: path)
    return try models.map { try ModelOnDisk($0, isOneOfFolds: areFolds) }
  }

  private init(_ model: SavedModel, isOneOfFolds: Bool) throws {
    let filters = try model.checkpoint.open(Checkpoint.model).entries.first {
      $0.shape.extents.count == 4
    }
    summary = Summary(
      path: model.checkpoint.path, recipe: model.recipe, state: model.checkpoint.state,
      channels: filters?.shape[1] ?? 0, isOneOfFolds: isOneOfFolds,
      recipeNote: try model.recipeNote())
    weights = .checkpoint(model.checkpoint)
  }

  /// The net is the one that the file's tensors suit; its classes have numbers for names.
  private init(file path: String) throws {
    let source = try WeightsSource(path: path)
    let file = try WeightsFile(path: path)
    guard let name = ModelCatalogue.name(suiting: file) else {
      throw PretrainedError.noNet(path, tensors: file.entries.count)
    }
    guard let classes = PretrainedWeights.classes(of: file, forModel: name) else {
      throw PretrainedError.noHead(path, model: name)
    }
    let side = ModelCatalogue.usualImageSize(of: name)
    let steps = ([Resize(imageSize: side), Normalize(.auto)] as [any Transform])
      .filled(from: try source.preparation(forModel: name).preparation)
    let recipe = try Recipe(overrides: [
      "model.name=\(name)", "model.image-size=\(side)",
      "augment=\(steps.recipeText)",
    ])
    summary = Summary(
      path: path, recipe: SavedRecipe(text: recipe.resolved, path: path),
      state: TrainingState(
        classes: (0..<classes).map(String.init), recipeDigest: "", dataDigest: source.digest),
      channels: 3, isOneOfFolds: false, recipeNote: nil)
    weights = .file(source, model: name)
  }

  /// Fills the model's weights. Throws when they are another model's.
  package func read(into model: Model) throws -> FlatStore {
    switch weights {
    case .checkpoint(let checkpoint):
      let weights = FlatStore.weights(model.layout)
      try checkpoint.readWeights(into: weights)
      return weights
    case .file(let source, let name):
      return try PretrainedWeights(
        source, into: model, named: name, classes: summary.state.classes, seed: 0,
        loading: .strict
      ).weights
    }
  }
}
