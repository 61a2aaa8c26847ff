import Checkpoints
import DataParallel
import Datasets
package import Evaluation
import Files
package import MPI
import Pretrained
import Recipes
package import Runs

/// One `tutti ensemble fit`: weights and a temperature of models by photos that they weren't trained on, as a folder
/// that is asked like a model; the same bytes for any number of ranks.
package struct EnsembleRun {
  package let folder: EnsembleFolder
  package let ensemble: SavedEnsemble
  /// Every member as it was named, with its weight, 0 too, and its scores.
  package let members: [(name: String, weight: Double, scores: Scores)]
  package let scores: EnsembleFitScores
  /// What is to be known of the members.
  package let notes: [String]

  /// How an ensemble is fitted.
  package struct Options: Sendable {
    package let weights: EnsembleFit.Rule
    package let averaging: Averaging
    package let isScaled: Bool

    /// - Parameter averaging: nil for probabilities, or with `logistic` logits.
    /// - Throws: `EnsembleError`.
    package init(
      weights: EnsembleFit.Rule, averaging: Averaging?, isScaled: Bool
    ) throws(EnsembleError) {
      if weights == .logistic, averaging == .probabilities { throw .logisticOfProbabilities }
      self.weights = weights
      self.averaging = averaging ?? (weights == .logistic ? .logits : .probabilities)
      self.isScaled = isScaled
    }
  }

  /// What members say of the photos that they are fitted on.
  private struct Answers {
    var members: [SavedEnsemble.Member]
    var names: [String]
    var predictions: [Predictions]
    var paths: [String]
    var folds: [Int]
    var photos: SavedEnsemble.Photos
  }

  /// Collective; throws on all ranks if on one. Only rank 0 looks into folders, and fits.
  ///
  /// - Parameters:
  ///   - paths: cross-validations of one fold table, or runs of the same validation photos.
  ///   - output: the new folder.
  ///   - settings: of the runs' recipes, as `KEY=VALUE`.
  /// - Returns: on rank 0.
  package static func run(
    world: World, members paths: [String], output: String, options: Options, settings: [String]
  ) throws -> EnsembleRun? {
    let communicator = world.communicator
    let folder = EnsembleFolder(path: output)
    let areFolds = try communicator.share {
      if Paths.exists(folder.path) { throw EnsembleError.exists(folder.path) }
      let areFolds = try areCrossvals(paths)
      if areFolds, let setting = settings.first { throw EnsembleError.settingOfFolds(setting) }
      return areFolds
    }
    var evaluation: EvaluationRun?
    if !areFolds {
      evaluation = try EvaluationRun.run(
        world: world, models: paths, split: .validation, data: nil, settings: settings)
    }
    return try communicator.onFirst(working: { getsOn in
      var answers =
        try evaluation.map { try ofRuns($0, in: folder) }
        ?? ofFolds(try paths.flatMap { try CrossvalFolder.all(at: $0) }, in: folder, getsOn)
      try checkAreDifferent(answers)
      let fit = try EnsembleFit(
        answers.predictions, folds: answers.folds, weights: options.weights,
        averaging: options.averaging, isScaled: options.isScaled, getsOn)
      answers.members = zip(answers.members, fit.mix.weights).map {
        SavedEnsemble.Member(path: $0.path, weight: $1, models: $0.models)
      }
      let ensemble = SavedEnsemble(
        answers.members.filter { $0.weight > 0 }, fit.mix, by: options.weights,
        classes: answers.predictions[0].classes, fittedOn: answers.photos)
      let members = answers.members.indices.map {
        (answers.names[$0], fit.mix.weights[$0], answers.predictions[$0].scores)
      }
      let scores = EnsembleFitScores(
        fit, members: members, without: LeaveOneOut.scores(of: answers.predictions, by: fit.mix),
        mean: Predictions(ensembleOf: answers.predictions).scores)
      try getsOn()
      try write(ensemble, fit, scores, answers, to: folder)
      return EnsembleRun(
        folder: folder, ensemble: ensemble, members: members, scores: scores,
        notes: evaluation.map { notes($0) } ?? [])
    })
  }

  private static func notes(_ evaluation: EvaluationRun) -> [String] {
    evaluation.notes + [
      "the validation photos have also chosen each run's epoch, so that all these scores are a little too good; test "
        + "photos tell, or an ensemble of cross-validations"
    ]
  }

  /// Whether the paths are cross-validations; else they are runs.
  private static func areCrossvals(_ paths: [String]) throws -> Bool {
    let kinds = try paths.map { path in
      if Paths.isFile(path) { throw EnsembleError.fileOfWeights(path) }
      if EnsembleFolder(path: path).exists { throw EnsembleError.isEnsemble(path) }
      return try !CrossvalFolder.all(at: path).isEmpty
    }
    if let folds = kinds.firstIndex(of: true), let run = kinds.firstIndex(of: false) {
      throw EnsembleError.mixedKinds(paths[folds], paths[run])
    }
    return kinds[0]
  }

  /// What the folds' models said of the photos that they held out.
  private static func ofFolds(
    _ folders: [CrossvalFolder], in ensemble: EnsembleFolder, _ getsOn: () throws -> Void
  ) throws -> Answers {
    let tables = try folders.map { folder in
      try getsOn()
      return try OutOfFold.read(folder)
    }
    for (folder, table) in zip(folders, tables) {
      try check(table, of: folder.path, as: tables[0], of: folders[0].path)
    }
    return Answers(
      members: try folders.map { folder in
        try getsOn()
        return SavedEnsemble.Member(
          path: ensemble.written(folder.path), weight: 0,
          models: try ModelOnDisk.all(at: folder.path).map {
            SavedEnsemble.Model(
              checkpoint: ensemble.written($0.summary.path), digest: $0.summary.digest)
          })
      }, names: folders.map(\.path), predictions: tables.map(\.predictions),
      paths: tables[0].paths, folds: tables[0].folds, photos: .outOfFold)
  }

  /// Throws unless both are of the same photos, labels and folds.
  private static func check(
    _ table: OutOfFold.Table, of path: String, as first: OutOfFold.Table, of firstPath: String
  ) throws(EnsembleError) {
    let (one, other) = (first.predictions, table.predictions)
    guard one.classes == other.classes else {
      throw .otherClassesOfFolds(firstPath, one.classes, path, other.classes)
    }
    guard one.thresholds == other.thresholds else { throw .otherThresholds(firstPath, path) }
    func differ(_ text: String) -> EnsembleError { .otherPhotos(firstPath, path, text) }
    guard first.paths.count == table.paths.count else {
      throw differ("\(first.paths.count) photos in one and \(table.paths.count) in the other")
    }
    for row in first.paths.indices {
      let name = first.paths[row]
      guard name.isExactly(table.paths[row]) else {
        throw differ("photo \(row + 1) is \(name) in one and \(table.paths[row]) in the other")
      }
      guard one.labels(of: row) == other.labels(of: row) else {
        throw differ(
          "\(name) is labelled \(one.text(of: one.labels(of: row))) in one and "
            + "\(other.text(of: other.labels(of: row))) in the other")
      }
      guard first.folds[row] == table.folds[row] else {
        throw differ(
          "\(name) is in fold \(first.folds[row]) of one and in fold \(table.folds[row]) of the other"
        )
      }
    }
  }

  /// What runs say of their validation photos, cut into folds to fit across.
  private static func ofRuns(
    _ evaluation: EvaluationRun, in ensemble: EnsembleFolder
  ) throws -> Answers {
    let samples = evaluation.answers.predictions.samples
    let folds = evaluation.dataset.fittingFolds(of: samples)
    let count = Set(folds).count
    guard count > 1 else { throw EnsembleError.fewPhotos(count) }
    return Answers(
      members: evaluation.models.map { model in
        SavedEnsemble.Member(
          path: ensemble.written(model.path), weight: 0,
          models: [
            SavedEnsemble.Model(checkpoint: ensemble.written(model.path), digest: model.digest)
          ])
      }, names: evaluation.models.map(\.path), predictions: evaluation.members,
      paths: evaluation.answers.paths, folds: folds, photos: .validation)
  }

  private static func checkAreDifferent(_ answers: Answers) throws(EnsembleError) {
    let digests = answers.members.map { $0.models.map(\.digest) }
    for index in digests.indices {
      if let twin = digests[..<index].firstIndex(of: digests[index]) {
        throw .twice(answers.names[twin], answers.names[index])
      }
    }
  }

  private static func write(
    _ ensemble: SavedEnsemble, _ fit: EnsembleFit, _ scores: EnsembleFitScores, _ answers: Answers,
    to folder: EnsembleFolder
  ) throws {
    let text = OutOfFold.text(fit.crossFitted, paths: answers.paths, folds: answers.folds)
    let isWritten = try WholeFolder.write(
      folder.path, ifHeld: { throw FolderInUse(folder.path) },
      { partial in
        try FileWriting.makeFolder(Paths.folder(of: "\(partial)/\(EnsembleFolder.predictions)"))
        try FileWriting.replace(
          "\(partial)/\(EnsembleFolder.predictions)", with: Array(text.utf8))
        try FileWriting.replace("\(partial)/\(EnsembleFolder.scores)", withJSON: scores)
        try FileWriting.replace(
          "\(partial)/\(EnsembleFolder.file)", withJSON: ensemble, indented: true)
      })
    if !isWritten { throw EnsembleError.exists(folder.path) }
  }
}
