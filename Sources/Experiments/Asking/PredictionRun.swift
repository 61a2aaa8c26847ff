import Checkpoints
import DataParallel
import Datasets
package import Evaluation
import Files
import Images
import Inference
package import MPI
import Pretrained
import Recipes
import Reports
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
  private let dataset: Dataset
  /// The photos in the order of `photos`.
  private let samples: [Int]

  /// Asks the models, whose training photos need not be there any more. Collective; throws on all
  /// ranks if on one. Only rank 0 looks into folders.
  ///
  /// - Parameters:
  ///   - modelPaths: runs' folders, checkpoints or cross-validations.
  ///   - paths: photos, folders of them, and patterns of either; or a pack.
  ///   - settings: of the runs' recipes, as `KEY=VALUE`.
  ///   - heatMaps: the folder for a PNG file of each photo; nil for none.
  ///   - measure: of uncertainty, by which the least certain photos come first; nil for the order of the paths.
  ///   - threshold: of the probability under which a photo is none of the classes; nil for none.
  package static func run(
    world: World, models modelPaths: [String], paths: [String], settings: [String],
    heatMaps: String? = nil, sortedBy measure: AnswerUncertainty.Measure? = nil,
    rejectingBelow threshold: Double? = nil
  ) throws -> PredictionRun {
    let communicator = world.communicator
    let asked = try AskedModels.find(modelPaths, settings: settings, over: communicator)
    let models = asked.models
    try communicator.onFirst {
      try asked.check(rejects: threshold != nil)
      if heatMaps != nil { try asked.checkCrops() }
      if measure == .disagreement, models.count == 1 {
        throw DisagreementOfOne(path: models[0].path)
      }
    }
    let dataset = try Dataset.unlabelled(at: paths, models[0].state.classes, over: communicator)
    let names = dataset.samples.map(\.path)
    let experiments = try communicator.agree {
      try models.map { try Experiment($0.recipe, dataset: dataset) }
    }
    try experiments[0].compare(over: communicator)
    let folder = try heatMaps.map { try HeatMapFolder.make($0, for: names, over: communicator) }
    let pass = try EnsemblePass(asked, experiments, comparesPlain: heatMaps != nil, world: world)
    let (predictions, problems) = try pass.predictionsOfUsable(
      Array(names.indices), showing: folder.map { $0.write })
    var answers = predictions.together.averaged
    var uncertainty: AnswerUncertainty?
    if let measure {
      let own = AnswerUncertainty(
        answers, members: predictions.members.map(\.averaged), weights: asked.mix?.weights)
      let order = own.order(by: measure) ?? []
      (answers, uncertainty) = (answers.rows(order), own.rows(order))
    }
    return PredictionRun(
      models: models.map(\.path),
      photos: PhotoPredictions(
        answers, of: names, rejectingBelow: threshold ?? 0, uncertainty: uncertainty),
      problems: UnusablePhotos.lines(problems.map { (names[$0.sample], $0.reason) }),
      notes: asked.notes, dataset: experiments[0].dataset, samples: answers.samples)
  }

  /// Writes a page of the first photos, which were sorted by a measure.
  ///
  /// - Throws: `PNGError`, `FileError`.
  package func writePage(
    to path: String, atMost count: Int, sortedBy measure: AnswerUncertainty.Measure
  ) throws {
    let lines = photos.top(2).prefix(count)
    try PhotoPage(
      title: "What to label next",
      introduction:
        "\(lines.count) of \(samples.count) photos, those first of which least is known by "
        + "\(measure.rawValue).", lines, measures: photos.measures
    ) { try dataset.image(samples[$0]) }.write(to: path)
  }
}

/// A model that can't disagree with others.
package struct DisagreementOfOne: UnusableInput, Equatable, CustomStringConvertible {
  package let path: String

  package var description: String {
    "\(path) is one model, and --sort disagreement is about several: name more with --model, or sort by entropy or "
      + "margin"
  }
}
