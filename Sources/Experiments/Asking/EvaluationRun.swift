import Checkpoints
import DataParallel
package import Datasets
package import Evaluation
import Inference
package import MPI
import Pretrained
import Recipes
import Reports
import Runs

/// One `tutti evaluate`: the scores of saved models, each alone and all together; the same for any
/// number of ranks.
package struct EvaluationRun {
  package let scores: EnsembleScores
  /// What the scores are of: a model or an ensemble by its folder, or how many models.
  package let name: String
  /// What all models together say of each photo.
  package let answers: LabelledPhotos
  /// What each member says of them.
  let members: [Predictions]
  let models: [SharedModel]
  let dataset: Dataset
  /// Which photos: `the test photos of photos`.
  package let photos: String
  /// What is to be known of the models.
  package let notes: [String]

  /// Scores the photos of a split as the runs' recipes make it, or other photos: their split of that
  /// name if they bring any, else all of them; they may lack classes. Collective; throws on all ranks if on one, until
  /// photos are decoded. Only rank 0 looks into the runs' folders.
  ///
  /// - Parameters:
  ///   - paths: runs' folders, checkpoints or cross-validations.
  ///   - data: other photos than the runs', of the same classes.
  ///   - settings: of the runs' recipes, as `KEY=VALUE`.
  ///   - rejects: whether photos without a probable class are to be none of these.
  package static func run(
    world: World, models paths: [String], split: Split, data: String?, settings: [String],
    rejects: Bool = false
  ) throws -> EvaluationRun {
    let communicator = world.communicator
    // What the recipes say of groups and folds is about their own photos.
    let others =
      data.map {
        ["data.path=\(Recipe.value($0))", "data.group-by=none", "crossval.fold=none"]
      } ?? []
    let asked = try AskedModels.find(paths, settings: others + settings, over: communicator)
    let models = asked.models
    if data == nil { try communicator.agree { try checkMaySee(split, models) } }
    if rejects { try communicator.agree { try models[0].checkMayReject() } }
    let recipe = models[0].recipe
    let dataset = try Dataset.open(
      path: recipe.data.path, groupBy: recipe.data.groupBy,
      severalLabels: recipe.data.hasSeveralLabels,
      demanding: recipe.demands(forTraining: data == nil), asking: models[0].path,
      over: communicator)
    var first = try communicator.agree {
      let classes = models[0].state.classes
      return try Experiment(
        recipe, dataset: data == nil ? dataset : try dataset.labelled(as: classes))
    }
    try first.check(over: communicator)
    try first.leaveOutCorrupt(over: world)
    let (experiments, samples) = try communicator.agree {
      // A cross-validation's own photos, under the name of others.
      if first.dataset.hasSplits, models[0].state.dataDigest == first.dataDigest {
        try checkFolds(split, models)
      }
      guard data != nil || models[0].state.dataDigest == first.dataDigest else {
        throw RunError.dataChanged(
          path: models[0].path, from: models[0].state.classes, to: first.dataset.classes)
      }
      let experiments = try models.map { try first.reading($0.recipe) }
      let samples = try first.samples(of: split, all: data != nil)
      for (model, experiment) in zip(models, experiments) where data == nil {
        guard try experiment.samples(of: split, all: false) == samples else {
          throw RunError.otherPhotos(split, models[0].path, model.path)
        }
      }
      return (experiments, samples)
    }
    let pass = try EnsemblePass(asked, experiments, comparesPlain: true, world: world)
    let path = first.recipe.data.path
    let takesAll = data != nil && !first.dataset.hasSplits
    var notes = asked.notes
    if data == nil, split == .validation, let ensemble = asked.ensemble,
      ensemble.saved.fittedOn == .validation
    {
      notes.append(
        "\(ensemble.path) was fitted on these photos, so its scores are too good; its \(EnsembleFolder.scores) has "
          + "honest ones")
    }
    notes +=
      [first.leftOutText.map { "skipped \($0)" }].compactMap(\.self)
      + dataset.notes.map(\.text)
    if takesAll {
      notes.append("\(path) brings no splits, so all its \(samples.count) photos are scored")
    }
    if data != nil {
      let trainings = try models.map { try $0.training(over: world) }
      notes +=
        try communicator.onFirst(working: { getsOn in
          try overlaps(
            models, trainings, PhotosTrainedOn(among: samples, of: first.dataset), getsOn)
        }) ?? []
    }
    let ofModels = try pass.predictions(samples)
    let average = try asked.ensemble?.saved.average ?? asked.averaging()
    let predictions = asked.ranges.map { ofModels.grouped($0, by: average) } ?? ofModels
    // Folds of one cross-validation are no members to do without.
    let mix =
      asked.ensemble?.saved.mix
      ?? (asked.groups.map { EnsembleMix.equal($0.count, averaging: average) })
    return EvaluationRun(
      scores: EnsembleScores(
        predictions, of: asked.names, by: mix,
        groups: first.dataset.photoGroups(of: samples)),
      name: asked.ensemble?.path
        ?? (models.count == 1 ? models[0].path : "\(models.count) models"),
      answers: LabelledPhotos(
        predictions.together.averaged, paths: samples.map { first.dataset.samples[$0].path },
        groups: first.dataset.groups(of: samples)),
      members: predictions.members.map(\.averaged), models: models, dataset: first.dataset,
      photos: takesAll ? "all photos of \(path)" : "the \(split.rawValue) photos of \(path)",
      notes: notes)
  }

  /// Writes a page of photos that are taken for others than they are, the worst first.
  ///
  /// - Throws: `PNGError`, `FileError`.
  package func writeMistakes(_ rows: [Int], to path: String) throws {
    let predictions = answers.predictions
    try PhotoPage(
      title: "The worst mistakes",
      introduction:
        "\(rows.count) of \(photos) that are taken for others than they are, those of the "
        + "largest loss first.",
      answers, rows: rows.map { ($0, predictions.predictedLabels($0)) }, called: "predicted"
    ) { try dataset.image(predictions.samples[$0]) }.write(to: path)
  }

  /// A sentence for each model that was trained on some of the photos; on rank 0.
  private static func overlaps(
    _ models: [SharedModel], _ trainings: [Experiment?], _ photos: PhotosTrainedOn,
    _ getsOn: () throws -> Void
  ) throws -> [String] {
    try zip(models, trainings).compactMap { model, training in
      guard let count = try training.map({ try photos.count(by: $0, getsOn) }), count > 0 else {
        return nil
      }
      return
        "\(model.path) was trained on \(count) of the \(photos.samples.count) photos, so its scores are "
        + "too good"
    }
  }

  private static func checkFolds(_ split: Split, _ models: [SharedModel]) throws(RunError) {
    if split != .test, let fold = models.first(where: \.isOneOfFolds) {
      throw .seenByFolds(split, fold.path)
    }
  }

  /// A photo that one model was not trained on may be among another's training photos, unless all
  /// cut the same photos; the folds of a cross-validation have none but the test photos in common.
  private static func checkMaySee(_ split: Split, _ models: [SharedModel]) throws(RunError) {
    try checkFolds(split, models)
    for model in models where model.state.dataDigest != models[0].state.dataDigest {
      throw .otherPhotos(split, models[0].path, model.path)
    }
  }
}

extension Experiment {
  /// The photos to score; `all` takes everything where the data bring no splits of their own.
  fileprivate func samples(of split: Split, all: Bool) throws -> [Int] {
    if all && !dataset.hasSplits {
      return dataset.samples.indices.filter { !leftOut.contains($0) }
    }
    let samples = try allSplits().without(leftOut)[split]
    guard !samples.isEmpty else {
      throw RunError.emptySplit(split, isGiven: dataset.hasSplits)
    }
    return samples
  }
}
