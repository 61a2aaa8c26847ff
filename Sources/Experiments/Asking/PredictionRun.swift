import Checkpoints
import DataParallel
import Datasets
package import Evaluation
import Images
import Inference
package import MPI
import Pretrained
import Recipes
import Runs

/// One `tutti predict`: what saved models say together of photos that nobody has labelled; the same
/// for any number of ranks.
package struct PredictionRun {
  /// The folders of the models' checkpoints.
  package let models: [String]
  package let photos: PhotoPredictions
  /// Which photos can't be used, and why, in lines in their order.
  package let problems: [String]
  /// What is to be known of the models.
  package let notes: [String]

  /// Asks the models, whose training photos need not be there any more. Collective; throws on all
  /// ranks if on one. Only rank 0 looks into folders.
  ///
  /// - Parameters:
  ///   - modelPaths: runs' folders, checkpoints or cross-validations.
  ///   - paths: photos, folders of them, and patterns of either; or a pack.
  ///   - settings: of the runs' recipes, as `KEY=VALUE`.
  ///   - heatMaps: the folder for a PNG file of each photo; nil for none.
  ///   - threshold: of the probability under which a photo is none of the classes; nil for none.
  package static func run(
    world: World, models modelPaths: [String], paths: [String], settings: [String],
    heatMaps: String? = nil, rejectingBelow threshold: Double? = nil
  ) throws -> PredictionRun {
    let communicator = world.communicator
    let models = try SharedModel.find(modelPaths, settings: settings, over: communicator)
    try communicator.onFirst {
      if let grey = models.first(where: { $0.channels != 3 }) { throw RunError.grey(grey.path) }
      if heatMaps != nil { try checkCrops(models) }
      let none = PhotoPredictions.noneOfThese
      if threshold != nil, models.contains(where: { $0.state.classes.contains(none) }) {
        throw RunError.noneIsAClass(none)
      }
      if threshold != nil { try models[0].checkMayReject() }
    }
    let dataset = try Dataset.unlabelled(at: paths, models[0].state.classes, over: communicator)
    let names = dataset.samples.map(\.path)
    let experiments = try communicator.agree {
      try models.map { try Experiment($0.recipe, dataset: dataset) }
    }
    try experiments[0].compare(over: communicator)
    let folder = try heatMaps.map { try HeatMapFolder.make($0, for: names, over: communicator) }
    let pass = try EnsemblePass(models, experiments, comparesPlain: heatMaps != nil, world: world)
    let (predictions, problems) = try pass.predictionsOfUsable(
      Array(names.indices), showing: folder.map { $0.write })
    return PredictionRun(
      models: models.map(\.path),
      photos: PhotoPredictions(
        predictions.together.averaged, of: names, rejectingBelow: threshold ?? 0),
      problems: UnusablePhotos.lines(problems.map { (names[$0.sample], $0.reason) }),
      notes: models.flatMap(\.notes))
  }

  /// Maps are laid over one photo, so all models must see the same part of it.
  private static func checkCrops(_ models: [SharedModel]) throws(HeatMapError) {
    let whole = Resize.Crop.none
    let crops = models.map { Preparation(of: $0.recipe).crop ?? whole }
    if let other = crops.firstIndex(where: { $0 != crops[0] }) {
      throw .crops(models[0].path, models[other].path)
    }
  }
}
