import Checkpoints
import DataParallel
import Datasets
package import Evaluation
import Files
import Inference
package import MPI
import Optimizers
import Pretrained
import Recipes
package import Runs
import Tensors
import Training

/// One `tutti average`: the mean of several models' weights as a model of its own; the same bits for any
/// number of ranks. Of a run's checkpoints, or of runs that began with the same weights: Wortsman et al.,
/// "Model soups: averaging weights of multiple fine-tuned models improves accuracy without increasing
/// inference time", 2022.
package struct AverageRun {
  /// Which of the models are averaged.
  package enum Choice: Sendable {
    case all
    /// From the best on, each that doesn't make the mean's score on the validation photos worse.
    case greedy
  }

  /// A model with its scores on the validation photos, if there are any.
  package struct Member: Sendable {
    package let path: String
    package let scores: Scores?
    package let isTaken: Bool
  }

  package let folder: RunFolder
  package let members: [Member]
  package let metric: Metric
  /// Of the mean; nil without validation photos.
  package let scores: Scores?
  /// Photos that the mean's running statistics are of.
  package let statisticsPhotos: Int
  /// What is to be known of the models.
  package let notes: [String]

  /// Collective; throws on all ranks if on one. Only rank 0 looks into folders.
  ///
  /// - Parameters:
  ///   - paths: runs or checkpoints; of one run, all its checkpoints.
  ///   - path: of the new folder; nil for a new one below `runs`.
  package static func run(
    world: World, models paths: [String], choosing choice: Choice, path: String?,
    settings: [String]
  ) throws -> AverageRun {
    let communicator = world.communicator
    let all = try communicator.share { try expanded(paths) }
    let models = try SharedModel.find(all, settings: settings, over: communicator)
    try communicator.agree(isShared: true) { try check(models, areNamed: paths.count > 1) }
    let trial = try WeightsTrial(models[0], over: world)
    let metric = trial.experiment.recipe.training.selectBy
    if case .greedy = choice {
      try communicator.agree(isShared: true) {
        if trial.splits.validation.isEmpty { throw AverageError.noValidation(models[0].path) }
      }
    }
    let seen = try communicator.share {
      try models.filter { try trial.experiment.photosSeen(by: $0) > 0 }.map(\.path)
    }
    try communicator.agree(isShared: true) {
      if case .greedy = choice, let path = seen.first {
        throw AverageError.seen(path, by: models[0].path)
      }
    }
    return try RunFolder.reserved(path, named: "average", over: communicator) { folder in
      func weights(_ index: Int) throws -> FlatStore {
        try models[index].weights(of: trial.experiment.model, over: communicator)
      }
      let own = try models.indices.map { try trial.scores(of: weights($0)) }
      let mean =
        switch choice {
        case .all: try meanOfAll(models.count, weights, trial)
        case .greedy: try greedyMean(own, by: metric, weights, trial)
        }
      let run = AverageRun(
        folder: folder,
        members: models.indices.map {
          Member(path: models[$0].path, scores: own[$0], isTaken: mean.taken.contains($0))
        }, metric: metric, scores: mean.scores, statisticsPhotos: trial.statisticsPhotos,
        notes: models.flatMap(\.notes) + note(on: models)
          + seen.map { AverageError.seen($0, by: models[0].path).description })
      try communicator.onFirst {
        try folder.write(
          mean.weights, like: models[0], best: mean.scores.map { $0[metric] },
          ModelOrigin(
            .average, of: run.members.filter(\.isTaken).map(\.path),
            photos: run.statisticsPhotos))
      }
      return run
    }
  }

  /// A mean with its scores on the validation photos, and the indices of the models that it is of.
  private typealias Mean = (weights: FlatStore, scores: Scores?, taken: Set<Int>)

  private static func meanOfAll(
    _ count: Int, _ weights: (Int) throws -> FlatStore, _ trial: WeightsTrial
  ) throws -> Mean {
    let mean = try weights(0)
    for index in 1..<count { mean.takeIn(try weights(index), share: 1 / Double(index + 1)) }
    try trial.renewStatistics(of: mean)
    return (mean, try trial.scores(of: mean), Set(0..<count))
  }

  /// - Parameter own: each model's scores.
  private static func greedyMean(
    _ own: [Scores?], by metric: Metric, _ weights: (Int) throws -> FlatStore,
    _ trial: WeightsTrial
  ) throws -> Mean {
    func isBetter(_ one: Scores?, than other: Scores?) -> Bool {
      guard let one, let other else { return false }
      return metric.prefers(one[metric], to: other[metric])
    }
    // The best first; of equals, the first that was named.
    let order = own.indices.sorted { one, other in
      isBetter(own[one], than: own[other]) || (!isBetter(own[other], than: own[one]) && one < other)
    }
    var mean: Mean?
    for index in order {
      let next = try mean?.weights.copy() ?? weights(index)
      if let mean {
        next.takeIn(try weights(index), share: 1 / Double(mean.taken.count + 1))
      }
      // The first, too: a run's own statistics lag behind its weights.
      try trial.renewStatistics(of: next)
      let scores = try trial.scores(of: next)
      if isBetter(mean?.scores, than: scores) { continue }
      mean = (next, scores, (mean?.taken ?? []).union([index]))
    }
    guard let mean else { preconditionFailure("a mean of no models") }
    return mean
  }

  /// A run's checkpoints in their order, where a single run is named.
  private static func expanded(_ paths: [String]) throws -> [String] {
    func isCheckpoint(_ path: String) -> Bool { Paths.exists("\(path)/\(StateFile.name)") }
    for path in paths {
      if Paths.isFile(path) { throw AverageError.file(path) }
      if CrossvalFolder(path: path).exists { throw AverageError.folds(path) }
      guard RunFolder(path: SavedModel.parse(path).path).holdsRun || isCheckpoint(path) else {
        throw RunError.noModel(path)
      }
    }
    guard paths.count == 1 else { return paths }
    let folder = RunFolder(path: paths[0])
    guard folder.holdsRun, !isCheckpoint(paths[0]) else { throw AverageError.single(paths[0]) }
    let checkpoints = try folder.checkpoints.steps().map(folder.checkpoints.path(ofStep:))
    guard checkpoints.count > 1 else { throw AverageError.single(paths[0]) }
    return checkpoints
  }

  /// - Parameter areNamed: whether each was named, and none is one of a run's checkpoints.
  private static func check(_ models: [SharedModel], areNamed: Bool) throws {
    let first = models[0]
    for (index, model) in models.enumerated() where areNamed {
      if let twin = models[..<index].first(where: { $0.digest == model.digest }) {
        throw AverageError.twice(twin.path, model.path)
      }
    }
    for model in models.dropFirst() {
      for key in ["model.name", "model.image-size", "model.head"] {
        let (one, other) = (first.recipe[key]?.value ?? "", model.recipe[key]?.value ?? "")
        if one != other {
          throw AverageError.otherNet(first.path, model.path, key: key, one, other)
        }
      }
      guard model.state.dataDigest == first.state.dataDigest else {
        throw AverageError.otherPhotos(first.path, model.path)
      }
    }
  }

  /// The mean of nets from different starts lies where neither is good.
  private static func note(on models: [SharedModel]) -> [String] {
    func start(_ model: SharedModel) -> String {
      let recipe = model.recipe
      return recipe.model.weightsDigest.map { "weights of the SHA-256 \($0.prefix(16))…" }
        ?? "training.seed \(recipe.training.seed)"
    }
    guard let other = models.first(where: { start($0) != start(models[0]) }) else { return [] }
    return [
      "\(models[0].path) began with \(start(models[0])), and \(other.path) with \(start(other)): the mean of weights "
        + "that began apart is hardly ever any good; tutti evaluate asks both together"
    ]
  }
}

/// Why models can't be averaged.
package enum AverageError: UnusableInput, Equatable, CustomStringConvertible {
  case single(String)
  case file(String)
  case folds(String)
  case twice(String, String)
  case otherPhotos(String, String)
  case noValidation(String)
  case seen(String, by: String)
  case otherNet(String, String, key: String, String, String)

  package var description: String {
    switch self {
    case .single(let path):
      "\(path) is one model, and an average needs several: name more, or a run that keeps several "
        + "checkpoints (checkpoint.keep)"
    case .file(let path):
      "\(path) is a file, and an average needs runs or their checkpoints, which tell which photos its running "
        + "statistics and its scores are to be of"
    case .folds(let path):
      "\(path) is a cross-validation, whose models were trained on each other's validation photos; tutti evaluate "
        + "asks them together"
    case .twice(let one, let other):
      one == other
        ? "\(one) is named twice, and would count twice; name it once"
        : "\(one) and \(other) have the same weights, which would count twice; name one of them"
    case .otherPhotos(let one, let other):
      "\(one) and \(other) were trained with other photos, so that neither's could validate both; average runs of the same "
        + "data.path whose photos haven't changed since, or ask both together with tutti evaluate --data"
    case .seen(let path, let first):
      "\(path) was trained on some of the photos that validate \(first), so that scores on these say too much: "
        + "average runs of the same data.split-seed, shares and fold, or without --greedy"
    case .noValidation(let path):
      "\(path) has no validation photos to choose by; leave out --greedy"
    case .otherNet(let one, let other, let key, let value, let otherValue):
      "`\(key)` is \(value) in \(one), but \(otherValue) in \(other): weights of different nets have no mean; "
        + "tutti evaluate asks both together"
    }
  }
}

extension FlatStore {
  /// One update of a mean.
  fileprivate func takeIn(_ weights: FlatStore, share: Double) {
    Optimizers.takeIn(weights.pointer, share: share, average: pointer, count: layout.weightCount)
  }
}
