import Evaluation
import FoundationEssentials
package import Runs

/// What `tutti watch` knows of a folder, as JSON; docs/watch.md describes the keys.
package struct WatchDocument: Encodable {
  private let path: String
  private let kind: String
  private let state: String
  /// Seconds since 1970.
  private let time: Int
  private let process: Int?
  private let host: String?
  private let since: Int?
  private let ranks: Int?
  private let hosts: Int?
  private let threads: Int?
  private let metric: String?
  private let metricTitle: String?
  private let count: Int
  private let done: Int
  private let secondsLeft: Double?
  private let heldOut: Double?
  private let bestTrial: String?
  private let trainings: [Training]
  private let warnings: [WatchWarnings.Warning]
  private let problem: String?

  /// - Parameter problem: why the last look failed.
  package init(
    _ status: WatchStatus, _ warnings: [WatchWarnings.Warning] = [], _ problem: String? = nil
  ) {
    path = status.path
    kind = status.kind.rawValue
    state = status.state.rawValue
    time = status.now
    process = status.holder.map { Int($0.process) }
    host = status.holder?.host ?? status.environment?.host
    since = status.holder.map { Int($0.since.timeIntervalSince1970) }
    ranks = status.environment?.ranks
    hosts = status.environment?.hosts
    threads = status.environment?.threads
    let metric = status.trainings.compactMap(\.metric).first
    self.metric = metric?.key
    metricTitle = metric?.title
    count = status.count
    done = status.done
    secondsLeft = status.kind == .run ? status.trainings.first?.secondsLeft : status.secondsLeft
    heldOut = status.heldOutMean?.value
    bestTrial = status.bestTrial?.name
    trainings = status.trainings.map(Training.init)
    self.warnings = warnings
    self.problem = problem
  }

  private struct Training: Encodable {
    let name: String
    let path: String
    let state: String
    let activity: String?
    let ranks: Int?
    let epoch: Int?
    let epochs: Int?
    let step: Int?
    let lastStep: Int?
    let loss: Double?
    let learningRate: Double?
    let imagesPerSecond: Double?
    let secondsLeft: Double?
    let secondsSinceChange: Int?
    let isQuiet: Bool
    let skipped: Int
    let waitedShare: Double?
    let waitedForRanksShare: Double?
    let exchangeShare: Double?
    let residentBytes: Int?
    let memoryLimit: Int?
    let memoryLeft: Int?
    let checkpoint: Checkpoint?
    let best: Double?
    let bestEpoch: Int?
    let heldOut: Double?
    let settings: [String: String]?
    let note: String?
    let curves: [Epoch]?

    struct Checkpoint: Encodable {
      let path: String
      let step: Int
      let secondsAgo: Int
    }

    struct Epoch: Encodable {
      let epoch: Int
      let trainingLoss: Double?
      let validationLoss: Double?
      let value: Double?
    }

    init(_ training: TrainingStatus) {
      name = training.name
      path = training.path
      state = training.state.rawValue
      activity = training.activity?.rawValue
      ranks = training.ranks
      epoch = training.epoch
      epochs = training.epochs
      step = training.step
      lastStep = training.lastStep
      loss = training.loss
      learningRate = training.learningRate
      imagesPerSecond = training.imagesPerSecond
      secondsLeft = training.secondsLeft
      secondsSinceChange = training.secondsSinceChange
      isQuiet = training.isQuiet
      skipped = training.skipped
      let last = training.lastEpoch
      waitedShare = last?.waitedShare
      waitedForRanksShare = last?.waitedForRanksShare
      exchangeShare = last?.exchangeShare
      residentBytes = last?.residentBytes
      memoryLimit = last?.memoryLimit
      memoryLeft = last?.memoryLeft
      checkpoint = training.checkpoint.map {
        Checkpoint(path: $0.path, step: $0.step, secondsAgo: $0.secondsAgo)
      }
      best = training.best
      bestEpoch = training.curves?.chosen
      heldOut = training.heldOut
      settings =
        training.settings.isEmpty
        ? nil : Dictionary(training.settings.map { ($0.key, $0.value) }) { first, _ in first }
      note = training.note
      curves = training.curves?.epochs.map {
        Epoch(
          epoch: $0.number, trainingLoss: $0.trainingLoss, validationLoss: $0.validationLoss,
          value: $0.value)
      }
    }
  }
}
