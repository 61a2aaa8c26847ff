import Datasets
import Files
import Images
import Inference
import Recipes

/// The pipelines of a pass, each of them once, whichever members and views have it.
struct ViewPipelines {
  private(set) var pipelines: [Pipeline] = []
  /// What tells each from the others.
  private var keys: [String] = []

  /// Places of random numbers between a view's first step and that of the next: more steps than a
  /// recipe has room for.
  private static let placesOfView = 1 << 14

  /// What a model is shown of each photo: the views of its recipe, or else the photo as in validation.
  ///
  /// Random steps draw from places that are those of their view alone, so that no two views of a photo
  /// have the same numbers.
  mutating func views(of experiment: Experiment) throws(PipelineError) -> EnsemblePass.Views {
    let recipe = experiment.recipe
    let plain = try index(of: recipe.augment.withoutRandom, view: 0, experiment)
    var averaged: [Int] = []
    for (number, steps) in recipe.views.enumerated() {
      averaged.append(try index(of: steps, view: number + 1, experiment))
    }
    return EnsemblePass.Views(averaged: averaged.isEmpty ? [plain] : averaged, plain: plain)
  }

  private mutating func index(
    of steps: [any Transform], view: Int, _ experiment: Experiment
  ) throws(PipelineError) -> Int {
    // What draws nothing is the same in any view.
    let view = steps.contains(where: \.isRandom) ? view : 0
    let key = "\(view) \(steps.effect)"
    if let known = keys.firstIndex(where: { $0.isExactly(key) }) { return known }
    pipelines.append(
      try Pipeline(
        steps, size: experiment.dataset.imageSize, channels: experiment.dataset.channels,
        firstPlace: view * Self.placesOfView))
    keys.append(key)
    return keys.count - 1
  }
}
