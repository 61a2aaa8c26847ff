package import EpochRules
import Evaluation
import Files
package import Images
import Models
package import NeuralNetworks
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
  package let average: Average
  package let fineTuning: FineTuning
  package let schedule: Schedule
  /// Nil: the learning rate is the schedule's.
  package let plateau: Plateau?
  /// Nil: the training has all of its epochs.
  package let earlyStopping: EarlyStopping?
  package let loss: Loss
  package let augment: [any Transform]
  /// Nil: photos have one size.
  package let resizeSchedule: [SizePhase]?
  /// Nil where photos aren't mixed.
  package let mixing: Mixing?
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
    let bytes: [UInt8]
    do {
      bytes = try InputFile(path: path).bytes(atMost: SavedRecipe.longest)
    } catch let error as FileError {
      throw RecipeError(
        at: path, "can't read the recipe (\(error.cause)); is the path right, and is it a file?")
    } catch {
      throw RecipeError(["\(error)"])
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
    average = Average(&reader, epochs: training.epochs)
    fineTuning = FineTuning(&reader)
    schedule = Schedule(&reader)
    plateau = Self.plateau(&reader, selectBy: training.selectBy)
    earlyStopping = Self.earlyStopping(&reader, selectBy: training.selectBy)
    loss = Loss(&reader, hasSeveralLabels: data.hasSeveralLabels)
    augment = reader.read(
      "augment", .steps(imageSize: model.imageSize),
      default: Transforms.standard(imageSize: model.imageSize))
    resizeSchedule = reader.read("resize-schedule", .sizePhases, default: nil)
    mixing = Self.mixing(&reader)
    evaluation = Evaluation(&reader, imageSize: model.imageSize)
    checkpoint = Checkpoint(&reader)
    crossval = Crossval(&reader)
    settings = reader.settings
    idleSettings = reader.idle
    reader.refuseUnknownKeys(isSaved: isSaved)
    if reader.error == nil {
      checkTogether(&reader)
      checkUse(&reader, isSaved: isSaved)
    }
    if let error = reader.error { throw error }
  }

  /// The same with other settings, such as `training.epochs=3`.
  package func with(_ overrides: [String]) throws(RecipeError) -> Recipe {
    // Every key is in the text, whoever set it: none was set for nothing a second time.
    var recipe = try Recipe(
      text: resolved, name: "recipe.yaml", overrides: overrides, isSaved: true)
    // What stays as it was stands where it was written.
    for index in recipe.settings.indices {
      let own = self[recipe.settings[index].key]
      if let own, own.value == recipe.settings[index].value {
        recipe.settings[index].place = own.place
      }
    }
    return recipe
  }
}
