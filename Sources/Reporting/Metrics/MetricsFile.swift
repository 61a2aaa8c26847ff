import EpochRules
import Evaluation
import Files
package import Training

/// Writes `metrics.jsonl`: a JSON object a line for each start, each step, taken or passed over, and each epoch; docs/file-formats.md
/// lists the keys.
package final class MetricsFile: TrainingObserver {
  private let file: GrowingFile
  private var start: StartReport?

  /// Opens the file to write on at its end. Throws when it can't be opened.
  package init(path: String) throws { file = try GrowingFile(path: path) }

  package func observe(_ event: TrainingEvent) throws {
    switch event {
    case .started(let report): start = report
    case .step(let progress): try writeOfStep(StepLine(progress))
    case .passedOver(let step): try writeOfStep(SkippedLine(step))
    case .epoch(let report): try write(EpochLine(report))
    // After a power cut, a checkpoint may not know of steps whose lines are gone.
    case .saving: try file.sync()
    case .validatedStart, .checkpoint, .traced: break
    }
  }

  /// A start comes before its first step, so that a run that is asked to go on and has ended stays as it is.
  private func writeOfStep(_ line: some Encodable) throws {
    if let start { try write(StartLine(start)) }
    start = nil
    try write(line)
  }

  private func write(_ line: some Encodable) throws {
    try file.write(Array(try JSONText.encode(line).utf8) + [UInt8(ascii: "\n")])
  }

  private struct StartLine: Encodable {
    let kind = "start"
    let step: Int
    let epoch: Int
    let ranks: Int
    let stepsPerEpoch: Int
    let lastStep: Int
    let trainingPhotos: Int
    let classes: [PhotosOfClass]

    struct PhotosOfClass: Encodable {
      let name: String
      let photos: Int
    }

    init(_ report: StartReport) {
      step = report.step
      epoch = report.step / max(report.stepsPerEpoch, 1)
      ranks = report.ranks
      stepsPerEpoch = report.stepsPerEpoch
      lastStep = report.lastStep
      trainingPhotos = report.trainingPhotos
      classes = report.classes.map { PhotosOfClass(name: $0.name, photos: $0.photos) }
    }

    enum CodingKeys: String, CodingKey {
      case kind, step, epoch, ranks, classes
      case stepsPerEpoch = "steps_per_epoch"
      case lastStep = "last_step"
      case trainingPhotos = "training_photos"
    }
  }

  private struct StepLine: Encodable {
    let kind = "step"
    let step: Int
    let epoch: Int
    /// Left out where the step's photos have no weight.
    let loss: Double?
    let accuracy: Double
    let learningRate: Double
    let gradientNorm: Double
    /// Left out where losses aren't scaled.
    let lossScale: Int?
    let seconds: Double
    let imagesPerSecond: Double

    init(_ progress: StepProgress) {
      step = progress.step
      epoch = progress.epoch
      loss = progress.loss
      accuracy = progress.accuracy
      learningRate = progress.learningRate
      gradientNorm = progress.gradientNorm
      lossScale = progress.lossScale
      seconds = progress.seconds
      imagesPerSecond = progress.imagesPerSecond
    }

    enum CodingKeys: String, CodingKey {
      case kind, step, epoch, loss, accuracy, seconds
      case learningRate = "learning_rate"
      case gradientNorm = "gradient_norm"
      case lossScale = "loss_scale"
      case imagesPerSecond = "images_per_second"
    }
  }

  private struct SkippedLine: Encodable {
    let kind = "skipped"
    let step: Int
    let epoch: Int
    let reason: String
    let learningRateFactor: Double
    /// Left out where it isn't why.
    let lossScale: Int?

    init(_ passedOver: PassedOverStep) {
      step = passedOver.step
      epoch = passedOver.epoch
      reason = passedOver.reason
      learningRateFactor = passedOver.learningRateFactor
      lossScale = passedOver.lossScale
    }

    enum CodingKeys: String, CodingKey {
      case kind, step, epoch, reason
      case lossScale = "loss_scale"
      case learningRateFactor = "learning_rate_factor"
    }
  }

  private struct EpochLine: Encodable {
    let kind = "epoch"
    let step: Int
    let epoch: Int
    /// Left out where no step has counted.
    let trainingLoss: Double?
    let trainingAccuracy: Double?
    /// Left out where photos aren't mixed.
    let mixed: Bool?
    /// Left out where gradients aren't clipped.
    let clippedShare: Double?
    /// Left out without validation photos.
    let validation: Scores?
    /// Left out where no average is kept.
    let validationOfAverage: Scores?
    let isBest: Bool
    /// Left out where the learning rate isn't lowered.
    let learningRateFactor: Double?
    /// Left out where the training isn't ended.
    let stoppedEarly: Bool?
    let imagesPerSecond: Double
    /// Of the epoch's time.
    let waitedShare: Double
    /// Left out where a rank is alone.
    let exchangeShare: Double?
    let waitedForRanksShare: Double?
    /// Left out where the system doesn't tell.
    let residentBytes: Int?
    let memoryLimit: Int?
    let memoryLeft: Int?
    let validationSeconds: Double

    init(_ report: EpochReport) {
      step = report.step
      epoch = report.epoch
      trainingLoss = report.trainingLoss
      trainingAccuracy = report.trainingAccuracy
      mixed = report.isMixed ? true : nil
      clippedShare = report.clippedShare
      validation = report.validation
      validationOfAverage = report.validationOfAverage
      isBest = report.decision.isBest
      learningRateFactor = report.decision.learningRateFactor
      stoppedEarly = report.decision.stop == nil ? nil : true
      imagesPerSecond = report.imagesPerSecond
      waitedShare = report.waiting.share
      exchangeShare = report.exchange?.share
      waitedForRanksShare = report.exchange?.shareForRanks
      let memory = report.memory
      residentBytes = memory.resident > 0 ? memory.resident : nil
      memoryLimit = memory.limit > 0 ? memory.limit : nil
      memoryLeft = memory.limit > 0 ? memory.left : nil
      validationSeconds = report.validationSeconds
    }

    enum CodingKeys: String, CodingKey {
      case kind, step, epoch, mixed, validation
      case trainingLoss = "training_loss"
      case validationOfAverage = "validation_of_average"
      case trainingAccuracy = "training_accuracy"
      case clippedShare = "clipped_share"
      case isBest = "is_best"
      case learningRateFactor = "learning_rate_factor"
      case stoppedEarly = "stopped_early"
      case imagesPerSecond = "images_per_second"
      case waitedShare = "waited_share"
      case exchangeShare = "exchange_share"
      case waitedForRanksShare = "waited_for_ranks_share"
      case residentBytes = "resident_bytes"
      case memoryLimit = "memory_limit"
      case memoryLeft = "memory_left"
      case validationSeconds = "validation_seconds"
    }
  }
}
