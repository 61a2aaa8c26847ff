package import Checkpoints
import Files
import Images
import Interchange
import Models
package import NeuralNetworks
package import Recipes
package import Runs
package import Tensors

/// A model that can be asked, as rank 0 finds it on the disk: a run's, or a file of weights that
/// somebody else trained or Tutti exported.
package struct ModelOnDisk {
  /// What the other ranks get to know of it.
  package struct Summary: Codable, Sendable {
    /// The checkpoint's folder, or the file.
    package let path: String
    package let recipe: SavedRecipe
    /// SHA-256 of its weights.
    package let digest: String
    package let state: TrainingState
    /// Of the images that it was trained on.
    package let channels: Int
    /// One of a cross-validation's models, all of which were asked for.
    package let isOneOfFolds: Bool
    /// What is to be known of a file.
    package let notes: [String]
    /// What is to be said of its recipe; nil for nothing.
    package let recipeNote: String?
  }

  package let summary: Summary
  private let weights: Weights

  private enum Weights {
    case checkpoint(Checkpoint)
    case file(WeightsSource, Recipe.Model)
  }

  /// Finds the model of a path, or those of a cross-validation's folds.
  ///
  /// - Parameter settings: of a file's net, as `KEY=VALUE`; those of a run are the caller's to apply.
  /// - Throws: as `SavedModel.all` and `WeightsSource`.
  package static func all(at path: String, settings: [String] = []) throws -> [ModelOnDisk] {
    if Paths.isFile(path) { return [try ModelOnDisk(file: path, settings: settings)] }
    guard Paths.exists(path) || path.utf8.contains(UInt8(ascii: "@")) else {
      throw PretrainedError.noModel(path)
    }
    let (models, areFolds) = try SavedModel.all(at: path)
    return try models.map { try ModelOnDisk($0, isOneOfFolds: areFolds) }
  }

  /// Finds the models of an ensemble, and makes sure that they are those that it was fitted with.
  ///
  /// - Throws: `EnsembleError`, and as `SavedModel`.
  package static func all(
    of ensemble: SavedEnsemble, in folder: EnsembleFolder
  ) throws -> [ModelOnDisk] {
    try ensemble.members.flatMap { member in
      try member.models.map { model in
        let path = folder.place(of: model.checkpoint)
        guard Paths.exists("\(path)/\(StateFile.name)") else {
          throw EnsembleError.missing(path, of: folder.path)
        }
        let found = try ModelOnDisk(
          try SavedModel(path: path), isOneOfFolds: member.models.count > 1)
        guard found.summary.digest.isExactly(model.digest) else {
          throw EnsembleError.changed(path, of: folder.path)
        }
        guard found.summary.state.classes == ensemble.classes else {
          throw EnsembleError.otherClasses(path, of: folder.path)
        }
        return found
      }
    }
  }

  private init(_ model: SavedModel, isOneOfFolds: Bool) throws {
    let filters = try model.checkpoint.open(Checkpoint.model).entries.first {
      $0.shape.extents.count == 4
    }
    summary = Summary(
      path: model.checkpoint.path, recipe: model.recipe,
      digest: model.checkpoint.state.files[Checkpoint.fileName(of: try model.role())] ?? "",
      state: model.checkpoint.state,
      channels: filters?.shape[1] ?? 0, isOneOfFolds: isOneOfFolds, notes: [],
      recipeNote: try model.recipeNote())
    weights = .checkpoint(model.checkpoint)
  }

  /// The net is the one that the file says or its tensors suit; classes without names get numbers.
  private init(file path: String, settings: [String]) throws {
    let reading = WeightsSource.settings(of: path, among: settings)
    let asked = try Recipe(overrides: reading)
    let source = try WeightsSource(path: path, averaged: asked.model.averaged)
    let file = source.file
    let description = source.description
    guard
      let name = description?.architecture
        ?? Self.name(of: file, passingOver: asked.model.loading == .partial)
    else { throw ModelCatalogue.complaint(about: file) }
    let outputs =
      description?.classes.count ?? PretrainedWeights.outputs(of: file, forModel: name) ?? 0
    if outputs == 1 { throw PretrainedError.oneOutput(path, model: name) }
    guard outputs > 1 else { throw PretrainedError.noHead(path, model: name) }
    let preparation = try source.preparation(forModel: name).preparation
    let side = preparation.side ?? ModelCatalogue.usualImageSize(of: name)
    let steps = ([Resize(imageSize: side), Normalize(.auto)] as [any Transform])
      .filled(from: preparation)
    let recipe = try Recipe(
      overrides: [
        "model.name=\(name)", "model.image-size=\(side)",
        "model.head=\(description?.head ?? .plain)",
        "augment=\(steps.recipeText)",
      ] + (description?.labelSettings ?? []) + reading)
    let classes = source.classes(ofOutputs: outputs)
    let map = NameMap(
      of: ModelCatalogue.tensorNames(of: name), in: file.entries.map(\.name),
      averaged: asked.model.averaged)
    summary = Summary(
      path: path, recipe: SavedRecipe(text: recipe.resolved, path: path), digest: source.digest,
      state: TrainingState(
        classes: classes ?? (0..<outputs).map(String.init), recipeDigest: "",
        dataDigest: source.digest),
      channels: description?.channels ?? 3, isOneOfFolds: false,
      notes: [
        "\(path) is taken for \(name), with \(outputs) \(classes == nil ? "numbered " : "")classes, for "
          + "photos of \(side) pixels: \(Preparation(of: recipe).description)"
      ] + file.notes + [map.averagesNote].compactMap(\.self), recipeNote: nil)
    weights = .file(source, asked.model)
  }

  /// - Parameter passingOver: whether other tensors beside the net's are passed over.
  private static func name(of file: WeightsFile, passingOver: Bool) -> String? {
    if let name = ModelCatalogue.name(suiting: file) { return name }
    guard passingOver else { return nil }
    let contents = FileContents(file)
    return ModelCatalogue.names.first { NetFit(of: $0, in: contents)?.isInside == true }
  }

  /// Fills the model's weights. Throws when they are another model's.
  ///
  /// - Parameter role: of a run's weights, where its checkpoint has such.
  package func read(_ role: WeightsRole, into model: Model) throws -> FlatStore {
    switch weights {
    case .checkpoint(let checkpoint):
      let weights = FlatStore.weights(model.layout)
      try checkpoint.readWeights(checkpoint.role(deciding: role), into: weights)
      return weights
    case .file(let source, let asked):
      let name = try Recipe(summary.recipe).model.name
      let read = try PretrainedWeights(
        source, into: model, named: name, classes: summary.state.classes, seed: 0,
        loading: asked.loading)
      // Answers are never a random head's.
      guard read.hasWholeHead else { throw PretrainedError.noHead(summary.path, model: name) }
      return read.weights
    }
  }
}
