import Datasets
import Images
import NeuralNetworks
import Optimizers
import Planning
import Recipes
import Tensors
import Training

/// A recipe's training, or that of a fold, with another micro-batch and on other ranks than the recipe has.
struct PlannedExperiment {
  let checked: CheckedExperiment
  let splits: Splits
  let list: EpochList
  let settings: TrainingSettings
  /// Photos that are predicted at the end: the fold's, each as often as it has views.
  private let predicted: Int

  /// - Parameters:
  ///   - folds: how many there are; nil for one training.
  ///   - ranks: to which a global batch grows, if the recipe says so. That of folds doesn't.
  init(_ checked: CheckedExperiment, microBatch: Int, ranks: Int, folds: Int?) throws {
    let asked = checked.experiment.recipe
    var recipe = try asked.with(["training.micro-batch=\(microBatch)"])
    if folds == nil { recipe = try recipe.grown(toRanks: ranks, by: nil, goesOn: false).recipe }
    var experiment = try checked.experiment.reading(recipe)
    var heldOut = 0
    if let folds {
      heldOut = try experiment.makePool().indices(in: 0).count
      experiment = try experiment.holdingOut(fold: 0, of: folds)
    }
    self.checked = checked.with(experiment)
    splits = try experiment.makeSplits()
    list = try experiment.epochList(of: splits.train)
    settings = experiment.trainingSettings(on: splits.train)
    // A plain view besides those that are averaged, to compare them.
    let views = recipe.views.count
    predicted = heldOut * (views == 0 ? 1 : views + 1)
  }

  var work: TrainingWork {
    let experiment = checked.experiment
    let plan = list.plan
    var steps: [TrainingWork.Steps] = []
    for step in plan.steps {
      let leaves = plan.microBatches(of: step).count
      if let last = steps.last, last.photos == step.count {
        steps[steps.count - 1] = TrainingWork.Steps(
          count: last.count + 1, photos: step.count, microBatches: leaves)
      } else {
        steps.append(TrainingWork.Steps(count: 1, photos: step.count, microBatches: leaves))
      }
    }
    let sides = (0..<settings.epochs).map { Double(experiment.pipelines[$0].shape[0]) }
    let largest = sides.max() ?? 1
    let layout = experiment.model.layout
    return TrainingWork(
      steps: steps, fullStepMicroBatches: plan.fullStepMicroBatches,
      areas: sides.map { $0 * $0 / (largest * largest) }, mostSteps: settings.maxSteps,
      validationPhotos: splits.validation.count, atom: settings.evaluationMicroBatch,
      validatedWeights: settings.average == nil ? 1 : 2, firstRenewal: firstRenewal,
      predictedPhotos: predicted,
      gradient: layout.gradientCount, weights: layout.weightCount,
      checkpointBytes: settings.checkpointBytes(of: layout),
      checkpointSteps: settings.checkpointSteps,
      loaderThreads: experiment.recipe.data.loaderThreads)
  }

  private var firstRenewal: Int? {
    guard let average = settings.average, average.renewsStatistics else { return nil }
    return (0..<settings.epochs).first {
      average.takesIn(epoch: $0, endsEpoch: true, isApplied: true)
    }
  }

  /// What a cross-validation's leaders keep: pretrained weights, for the folds to come.
  var keptBytes: Int {
    let experiment = checked.experiment
    return experiment.recipe.crossval.fold == nil || experiment.recipe.model.weights == nil
      ? 0 : experiment.model.layout.weightCount * MemoryLayout<Float>.stride
  }

  /// Of the rank that would take most of so many.
  func memory(teacher: Teacher?, threads: Int, ranks: Int) -> TrainingMemory {
    let experiment = checked.experiment
    return TrainingMemory(
      of: experiment.model, teacher: teacher,
      data: experiment.trainingData(splits, list, threads: threads), settings: settings,
      threads: threads, rank: nil, of: ranks)
  }
}
