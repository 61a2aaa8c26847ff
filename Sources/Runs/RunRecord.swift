package import Evaluation
import Files
package import Recipes

/// What a run's, cross-validation's or probe's folder says of how it went. Reads only.
package struct RunRecord: Sendable {
  /// One training: a run's, or a fold's.
  package struct Training: Sendable {
    /// Its folder.
    package let path: String
    /// Nil for a run's.
    package let fold: Int?
    package let recipe: Recipe
    package let metrics: MetricsRecord
    /// The epoch that counts: the best, or the last where that was asked for or none is the best.
    package let epoch: MetricsRecord.Epoch?

    /// - Parameter isLast: whether the last epoch counts, and not the best.
    package init(
      path: String, fold: Int? = nil, recipe: Recipe, metrics: MetricsRecord, isLast: Bool = false
    ) {
      self.path = path
      self.fold = fold
      self.recipe = recipe
      self.metrics = metrics
      let best = isLast ? nil : metrics.epochs.last { $0.isBest }
      epoch = best ?? metrics.epochs.last
    }

    /// Of the validation photos after an epoch, by the weights that decide.
    package func scores(after epoch: MetricsRecord.Epoch) -> Scores? {
      (recipe.average.decidesByAverage ? epoch.validationOfAverage : nil) ?? epoch.validation
    }

    package var scores: Scores? { epoch.flatMap { scores(after: $0) } }
  }

  /// The folder as it was named, without what may stand at its end.
  package let path: String
  package let recipe: Recipe
  package let trainings: [Training]
  /// Of photos that the models weren't trained on: a run's validation photos, all that folds held out.
  package let scores: Scores?
  /// What is said of photos that the models weren't trained on, where the folder has it and they have one label each.
  package let predictions: LabelledPhotos?
  /// Where that is.
  package let table: String?

  package init(
    path: String, recipe: Recipe, trainings: [Training], scores: Scores?,
    predictions: (photos: LabelledPhotos, path: String)? = nil
  ) {
    self.path = path
    self.recipe = recipe
    self.trainings = trainings
    self.scores = scores
    self.predictions = predictions?.photos
    table = predictions?.path
  }

  /// Reads a folder; of `RUN@last`, the last epoch counts.
  ///
  /// - Throws: `RunError`, `CrossvalError`, `RecipeError`, `FileError`.
  package init(path named: String) throws {
    let (path, isLast) = SavedModel.parse(named)
    let crossval = CrossvalFolder(path: path)
    if crossval.exists {
      try self.init(crossval, isLast: isLast)
      return
    }
    let folder = RunFolder(path: path)
    if let several = try SeveralModels(at: path) { throw RunError.several(path, several.members) }
    guard folder.holdsRun else { throw RunError.noRun(path) }
    let recipe = try Recipe(folder.savedRecipe())
    if folder.holdsProbe {
      let scores = try Self.document(ProbeScores.self, folder.scores).linear.outOfFold.scores
      self.init(
        path: path, recipe: recipe, trainings: [], scores: scores,
        predictions: Self.predictions(folder.outOfFold, recipe, of: scores))
      return
    }
    if let kind = try ModelOrigin(of: folder)?.kind.noun {
      throw RunError.notTrained(path, kind)
    }
    let training = try Training(folder, recipe, isLast: isLast)
    // Of a fold's run, the photos that it held out, once it is done.
    let heldOut = try recipe.crossval.fold.flatMap { _ in try FoldResult(of: folder)?.scores }
    let scores = heldOut?.scores ?? training.scores
    let table = heldOut == nil ? folder.validated : folder.heldOut
    self.init(
      path: path, recipe: recipe, trainings: [training], scores: scores,
      predictions: isLast ? nil : Self.predictions(table, recipe, of: scores))
  }

  private init(_ folder: CrossvalFolder, isLast: Bool) throws {
    let recipe = try Recipe(SavedRecipe(file: folder.recipe))
    let trainings = try (0..<folder.folds()).compactMap { fold -> Training? in
      let run = folder.run(ofFold: fold)
      guard run.holdsRun, Paths.exists(run.metrics) else { return nil }
      return try Training(run, Recipe(run.savedRecipe()), fold: fold, isLast: isLast)
    }
    guard !trainings.isEmpty else { throw RunError.nothingMeasured(folder.path) }
    let scores =
      Paths.exists(folder.scores)
      ? try Self.document(FoldedScores.self, folder.scores).outOfFold.scores : nil
    self.init(
      path: folder.path, recipe: recipe, trainings: trainings, scores: scores,
      predictions: Self.predictions(folder.predictions, recipe, of: scores))
  }

  /// Nil where there is no such table, or one of other photos than the scores are of.
  private static func predictions(
    _ path: String, _ recipe: Recipe, of scores: Scores?
  ) -> (photos: LabelledPhotos, path: String)? {
    guard !recipe.data.hasSeveralLabels, Paths.exists(path),
      let photos = try? LabelledPhotos(csvAt: path),
      scores?.matrix.map({ photos.predictions.tally == .classes($0) }) == true
    else { return nil }
    return (photos, path)
  }

  private struct FoldedScores: Decodable {
    let outOfFold: ViewedScores

    enum CodingKeys: String, CodingKey { case outOfFold = "out_of_fold" }
  }

  private struct ProbeScores: Decodable { let linear: FoldedScores }

  /// A file that a folder's numbers are kept in.
  ///
  /// - Throws: `RunError`, `FileError`.
  package static func document<Document: Decodable>(
    _ type: Document.Type, _ path: String
  ) throws -> Document {
    let bytes = try InputFile(path: path).bytes(atMost: JSONText.longest)
    guard let document = try? JSONText.decode(type, from: bytes) else {
      throw RunError.damagedScores(path)
    }
    return document
  }
}

extension RunRecord {
  /// Of training and validation, of all trainings; nil where there are none.
  package var hours: Double? {
    trainings.isEmpty ? nil : trainings.reduce(0) { $0 + $1.hours }
  }
}

extension RunRecord.Training {
  /// Of training and validation.
  package var hours: Double {
    (metrics.steps.reduce(0) { $0 + $1.seconds }
      + metrics.epochs.reduce(0) { $0 + $1.validationSeconds }) / 3600
  }

  fileprivate init(
    _ folder: RunFolder, _ recipe: Recipe, fold: Int? = nil, isLast: Bool
  ) throws {
    guard Paths.exists(folder.metrics) else { throw RunError.nothingMeasured(folder.path) }
    let metrics = try MetricsRecord(path: folder.metrics)
    if metrics.steps.isEmpty, metrics.skipped.isEmpty {
      throw RunError.nothingMeasured(folder.path)
    }
    self.init(path: folder.path, fold: fold, recipe: recipe, metrics: metrics, isLast: isLast)
  }
}
