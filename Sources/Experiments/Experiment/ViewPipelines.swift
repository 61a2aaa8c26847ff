import Datasets
import Files
import Images
import Inference
import Recipes

/// The pipelines of a pass, each of them once, whichever members and views have it.
struct ViewPipelines {
  private(set) var pipelines: [Pipeline] = []
  /// Whether the photo as in validation is asked for beside other views.
  let comparesPlain: Bool
  /// What tells each from the others.
  private var keys: [String] = []

  /// Places of random numbers between a view's first step and that of the next: more steps than a
  /// recipe has room for.
  private static let placesOfView = 1 << 14

  init(comparesPlain: Bool) { self.comparesPlain = comparesPlain }

  /// What a model is shown of each photo: the views of its recipe, or else the photo as in validation.
  ///
  /// Random steps draw from places that are those of their view alone, so that no two views of a photo
  /// have the same numbers.
  mutating func views(of experiment: Experiment) throws(PipelineError) -> EnsemblePass.Views {
    let recipe = experiment.recipe
    let steps = recipe.augment.withoutRandom
    if recipe.views.isEmpty { return .alone(try index(of: steps, view: 0, nil, experiment)) }
    let pixels = steps.prefix { $0 is any PixelTransform }.map(\.self)
    let beginning = Pipeline.Beginning(steps: pixels.count)
    func sharing(_ steps: [any Transform]) -> Pipeline.Beginning? {
      steps.prefix(pixels.count).map(\.self).effect.isExactly(pixels.effect) ? beginning : nil
    }
    let plain =
      comparesPlain ? try index(of: steps, view: 0, sharing(steps), experiment) : nil
    var averaged: [Int] = []
    for (number, steps) in recipe.views.enumerated() {
      averaged.append(try index(of: steps, view: number + 1, sharing(steps), experiment))
    }
    return EnsemblePass.Views(averaged: averaged, plain: plain)
  }

  private mutating func index(
    of steps: [any Transform], view: Int, _ beginning: Pipeline.Beginning?,
    _ experiment: Experiment
  ) throws(PipelineError) -> Int {
    // What draws nothing is the same in any view.
    let view = steps.contains(where: \.isRandom) ? view : 0
    let key = "\(view) \(steps.effect)"
    if let known = keys.firstIndex(where: { $0.isExactly(key) }) { return known }
    pipelines.append(
      try Pipeline(
        steps, size: experiment.dataset.imageSize, channels: experiment.dataset.channels,
        firstPlace: view * Self.placesOfView, beginning: beginning))
    keys.append(key)
    return keys.count - 1
  }
}
