package import Checkpoints
package import Datasets
import Models
package import NeuralNetworks
import Optimizers
package import Tensors
package import Training

/// A recipe made into objects, the same on every rank.
package struct Experiment {
  package let recipe: Recipe
  package let dataset: Dataset
  package let splits: Splits
  package let pipeline: Pipeline
  package let model: NeuralNetworks.Model
  /// SHA-256 of the keys that affect results.
  package let recipeDigest: String
  /// SHA-256 of the list of photos.
  package let dataDigest: String

  /// Opens the data and makes the model.
  ///
  /// - Throws: `RecipeError`, `FolderError`, `IDXError`, `SplitError`, `PipelineError`.
  package init(_ recipe: Recipe) throws {
    self.recipe = recipe
    let dataset = try Dataset.open(path: recipe.data.path)
    self.dataset = dataset
    splits = try dataset.split(
      validation: recipe.data.validation, test: recipe.data.test,
      seed: UInt64(recipe.data.splitSeed))
    pipeline = try Pipeline(recipe.augment.map { $0.transform(channels: dataset.channels) })
    let image = try pipeline.outputShape(for: dataset)
    guard image[0] == recipe.model.imageSize, image[1] == recipe.model.imageSize else {
      throw recipe.error(
        at: "model.image-size",
        "the photos come out of augment as \(image[1])×\(image[0]) pixels, not "
          + "\(recipe.model.imageSize); add {resize: \(recipe.model.imageSize)} to augment")
    }
    model = try recipe.makeModel(channels: dataset.channels, classes: dataset.classes.count)
    recipeDigest = Digest.hex(of: Array(recipe.resultText.utf8))
    dataDigest = Digest.hex(of: dataset.listBytes)
  }

  package var trainingSettings: TrainingSettings {
    TrainingSettings(
      epochs: recipe.training.epochs, maxSteps: recipe.training.maxSteps,
      globalBatch: recipe.training.globalBatch, microBatch: recipe.training.microBatch,
      seed: UInt64(recipe.training.seed),
      loss: CrossEntropyLoss(labelSmoothing: Float(recipe.loss.labelSmoothing)),
      optimizer: AdamW(
        betas: (recipe.optimizer.betas.first, recipe.optimizer.betas.second),
        weightDecay: recipe.optimizer.weightDecay),
      learningRate: recipe.optimizer.learningRate, schedule: schedule,
      clipping: GradientClipping(maximumNorm: recipe.optimizer.clipNorm),
      evaluationMicroBatch: recipe.evaluation.microBatch, selection: selection,
      checkpointSteps: recipe.checkpoint.everySteps,
      checkpointMinutes: recipe.checkpoint.everyMinutes, keptCheckpoints: recipe.checkpoint.keep)
  }

  private var schedule: any Optimizers.Schedule {
    switch recipe.schedule.name {
    case .oneCycle: OneCycle(warmupFraction: recipe.schedule.warmupFraction)
    case .constant: ConstantSchedule()
    }
  }

  private var selection: SelectionMetric {
    switch recipe.training.selectBy {
    case .macroF1: .macroF1
    case .accuracy: .accuracy
    case .balancedAccuracy: .balancedAccuracy
    case .loss: .loss
    }
  }

  /// The weights before the first step: those of another run, or drawn from the seed.
  ///
  /// - Throws: `RunError`, `CheckpointError`; `SafetensorsError` when they are another model's.
  package func initialWeights() throws -> FlatStore {
    guard let source = recipe.model.weights else {
      return model.initialWeights(seed: UInt64(recipe.training.seed))
    }
    let weights = FlatStore.weights(model.layout)
    try SavedModel(path: source).checkpoint.readWeights(into: weights)
    return weights
  }

  /// The state before the first step.
  package var initialState: TrainingState {
    TrainingState(
      step: 0, epoch: 0, stepInEpoch: 0, samplesSeen: 0, optimizerSteps: 0,
      classes: dataset.classes, recipeDigest: recipeDigest, dataDigest: dataDigest)
  }
}

extension Recipe {
  /// The model of the recipe's name. Throws when there is none.
  package func makeModel(channels: Int, classes: Int) throws(RecipeError) -> NeuralNetworks.Model {
    let name = model.name
    if let model = ModelCatalogue.model(named: name, channels: channels, classes: classes) {
      return model
    }
    let guess = nearestName(to: name, among: ModelCatalogue.names).map { "; did you mean `\($0)`?" }
    throw error(
      at: "model.name",
      "unknown model `\(name)`\(guess ?? ""); there are "
        + ModelCatalogue.names.joined(separator: ", "))
  }
}

extension AugmentStep {
  /// The mean and deviation of ImageNet's pixels, which most photos resemble.
  private static let photos = Normalize(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
  /// Grey images differ too much for a common choice: −1 to 1.
  private static let grey = Normalize(mean: [0.5], std: [0.5])

  fileprivate func transform(channels: Int) -> any Transform {
    switch self {
    case .resize(let side): Resize(side)
    case .randomHorizontalFlip(let probability):
      RandomHorizontalFlip(probability: Float(probability))
    case .normalize(.auto): channels == 3 ? Self.photos : Self.grey
    case .normalize(.fixed(let mean, let std)):
      Normalize(mean: mean.map { Float($0) }, std: std.map { Float($0) })
    }
  }
}
