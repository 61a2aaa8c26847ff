import Files
import FoundationEssentials
package import Images
import Models
import NeuralNetworks
import Optimizers

/// All settings of a training run: typed values read from YAML, with `--set` on top.
///
/// A key that is not written has its default, so an empty recipe is a whole one. docs/recipe.md
/// describes the keys.
package struct Recipe: Sendable {
  package let model: Model
  package let data: Data
  package let training: Training
  package let optimizer: Optimizer
  package let fineTuning: FineTuning
  package let schedule: Schedule
  package let loss: Loss
  package let augment: [any Transform]
  package let evaluation: Evaluation
  package let checkpoint: Checkpoint
  package let crossval: Crossval
  /// Every key with its value, in the order of declaration.
  package private(set) var settings: [Setting]
  /// The keys of rules that weren't chosen, with their defaults.
  package let idleSettings: [Setting]

  /// The defaults, changed by settings such as `training.epochs=3`.
  package init(overrides: [String] = []) throws(RecipeError) {
    try self.init(RecipeSource(), overrides: overrides)
  }

  /// A recipe in YAML; `name` stands for it in messages.
  ///
  /// - Parameter isSaved: it is the recipe of a run, which an earlier version may have written.
  package init(
    text: String, name: String, overrides: [String] = [], isSaved: Bool = false
  ) throws(RecipeError) {
    try self.init(
      RecipeSource(text: text, name: name), overrides: overrides, isSaved: isSaved)
  }

  /// A recipe's file.
  package init(
    path: String, overrides: [String] = [], isSaved: Bool = false
  ) throws(RecipeError) {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RecipeError(at: path, "can't read the recipe; is the path right, and is it a file?")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RecipeError(at: path, "not a text file in UTF-8")
    }
    try self.init(text: text, name: path, overrides: overrides, isSaved: isSaved)
  }

  private init(
    _ source: RecipeSource, overrides: [String], isSaved: Bool = false
  ) throws(RecipeError) {
    var source = source
    for setting in overrides { try source.override(setting) }
    var reader = RecipeReader(source)
    model = Model(&reader)
    data = Data(&reader)
    training = Training(&reader)
    optimizer = Optimizer(&reader)
    fineTuning = FineTuning(&reader)
    schedule = Schedule(&reader)
    loss = Loss(&reader)
    augment = reader.read(
      "augment", .steps(imageSize: model.imageSize),
      default: Transforms.standard(imageSize: model.imageSize))
    evaluation = Evaluation(&reader)
    checkpoint = Checkpoint(&reader)
    crossval = Crossval(&reader)
    settings = reader.settings
    idleSettings = reader.idle
    reader.refuseUnknownKeys(isSaved: isSaved)
    if reader.problems.isEmpty { checkTogether(&reader) }
    if !reader.problems.isEmpty { throw RecipeError(reader.problems) }
  }

  /// The same with other settings, such as `training.epochs=3`.
  package func with(_ overrides: [String]) throws(RecipeError) -> Recipe {
    var recipe = try Recipe(text: resolved, name: "recipe.yaml", overrides: overrides)
    // What stays as it was stands where it was written.
    for index in recipe.settings.indices {
      let own = self[recipe.settings[index].key]
      if let own, own.value == recipe.settings[index].value {
        recipe.settings[index].place = own.place
      }
    }
    return recipe
  }

  /// What must hold between keys that are each within their range.
  private func checkTogether(_ reader: inout RecipeReader) {
    reader.require(
      data.validation + data.test < 1, "data.validation", "data.test",
      otherwise:
        "`data.validation` \(data.validation) and `data.test` \(data.test) leave no photos "
        + "to train on; their sum must be below 1")
    reader.require(
      training.microBatch <= training.globalBatch, "training.micro-batch", "training.global-batch",
      otherwise: "`training.micro-batch` \(training.microBatch) is more than "
        + "`training.global-batch` \(training.globalBatch); it is a part of it")
    reader.require(
      model.head != .regularised || training.microBatch > 1, "training.micro-batch", "model.head",
      otherwise: "`model.head: regularised` normalises over the micro-batch, so that "
        + "`training.micro-batch` must be 2 or more")
    reader.require(
      fineTuning.freezeEpochs == nil || !fineTuning.freeze.isEmpty, "fine-tuning.freeze-epochs",
      otherwise: "`fine-tuning.freeze-epochs` without `fine-tuning.freeze` freezes nothing")
    if let fold = crossval.fold, let folds = crossval.folds {
      reader.require(
        fold < folds, "crossval.fold", "crossval.folds",
        otherwise: "`crossval.fold` \(fold) is not one of \(folds) folds, which count from 0")
    }
    checkAugment(&reader)
  }

  private func checkAugment(_ reader: inout RecipeReader) {
    for type in Transforms.all {
      let count = augment.count { Swift.type(of: $0) == type }
      reader.require(
        count <= 1, "augment",
        otherwise: "`\(type.word)` is \(count) times in `augment`; once is allowed")
    }
    let size = augment.reduce(nil as ImageSize?) { size, step in
      (step as? any PixelTransform)?.outputSize(size) ?? size
    }
    reader.require(
      size == ImageSize(height: model.imageSize, width: model.imageSize), "augment",
      "model.image-size",
      otherwise: "`augment` must have the step `resize: \(model.imageSize)`, since "
        + "`model.image-size` is \(model.imageSize); `resize` without a number follows it")
    let border = augment.firstIndex { $0 is Normalize } ?? augment.count
    reader.require(
      border < augment.count && augment[..<border].allSatisfy { $0 is any PixelTransform }
        && augment[(border + 1)...].allSatisfy { $0 is any FloatTransform }, "augment",
      otherwise: "`augment` must have the step `normalize`, behind all that change pixels")
  }
}
