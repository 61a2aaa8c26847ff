package import Evaluation
import Checkpoints
import Files

/// What a run's `metrics.jsonl` says, in its order. docs/file-formats.md describes the keys.
package struct MetricsRecord: Sendable {
  /// A training that began or went on.
  package struct Start: Decodable, Sendable {
    package let step: Int
    package let ranks: Int
    package let classes: [PhotosOfClass]
    // Runs of earlier versions lack these.
    package let stepsPerEpoch: Int?
    package let lastStep: Int?

    enum CodingKeys: String, CodingKey {
      case step, ranks, classes
      case stepsPerEpoch = "steps_per_epoch"
      case lastStep = "last_step"
    }
  }

  /// How many photos of a class there are to train on.
  package struct PhotosOfClass: Codable, Equatable, Sendable {
    package let name: String
    package let photos: Int

    package init(name: String, photos: Int) {
      self.name = name
      self.photos = photos
    }
  }

  package struct Step: Decodable, Sendable {
    package let step: Int
    package let epoch: Int
    /// Nil where none of the step's photos has weight.
    package let loss: Double?
    package let accuracy: Double
    package let learningRate: Double
    package let gradientNorm: Double
    package let seconds: Double
    package let imagesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case step, epoch, loss, accuracy, seconds
      case learningRate = "learning_rate"
      case gradientNorm = "gradient_norm"
      case imagesPerSecond = "images_per_second"
    }
  }

  package struct Skipped: Decodable, Sendable {
    package let step: Int
    package let reason: String
    /// Where gradients were too large for it in 16 bits, which is how one that does is found.
    package let lossScale: Int?

    enum CodingKeys: String, CodingKey {
      case step, reason
      case lossScale = "loss_scale"
    }
  }

  package struct Epoch: Decodable, Sendable {
    package let step: Int
    package let epoch: Int
    package let trainingLoss: Double?
    package let trainingAccuracy: Double?
    /// Whether these are of mixed photos.
    package let mixed: Bool?
    package let clippedShare: Double?
    package fileprivate(set) var validation: Scores?
    package fileprivate(set) var validationOfAverage: Scores?
    package let isBest: Bool
    package let stoppedEarly: Bool?
    package let imagesPerSecond: Double
    package let waitedShare: Double
    package let validationSeconds: Double
    // Runs of earlier versions lack these.
    package let exchangeShare: Double?
    package let waitedForRanksShare: Double?
    package let residentBytes: Int?
    package let memoryLimit: Int?
    package let memoryLeft: Int?

    enum CodingKeys: String, CodingKey {
      case step, epoch, mixed, validation
      case trainingLoss = "training_loss"
      case trainingAccuracy = "training_accuracy"
      case clippedShare = "clipped_share"
      case validationOfAverage = "validation_of_average"
      case isBest = "is_best"
      case stoppedEarly = "stopped_early"
      case imagesPerSecond = "images_per_second"
      case waitedShare = "waited_share"
      case validationSeconds = "validation_seconds"
      case exchangeShare = "exchange_share"
      case waitedForRanksShare = "waited_for_ranks_share"
      case residentBytes = "resident_bytes"
      case memoryLimit = "memory_limit"
      case memoryLeft = "memory_left"
    }
  }

  package private(set) var starts: [Start] = []
  package private(set) var steps: [Step] = []
  package private(set) var skipped: [Skipped] = []
  package private(set) var epochs: [Epoch] = []

  /// Of nothing yet.
  init() {}

  /// Reads the file. A torn line, or one that says something else, is passed over.
  ///
  /// - Parameter isOfEpochs: only epochs, which is a matter of moments where there are millions of steps.
  /// - Throws: `OverlongFile`, `FileError`.
  package init(path: String, epochsAlone isOfEpochs: Bool = false) throws {
    let file = try InputFile(path: path)
    guard file.size <= MetricsCut.longest else {
      throw OverlongFile(path: path, bytes: file.size, limit: MetricsCut.longest)
    }
    let mark = Array("\"kind\":\"epoch\"".utf8)
    try file.forEachLine(atMost: MetricsCut.longestLine) { line, _ in
      if let line, !isOfEpochs || line.contains(mark) { add(line) }
    }
  }

  private struct Kind: Decodable {
    let kind: String
    let step: Int
    let epoch: Int
  }

  /// Of steps and epochs; larger ones are no training's.
  private static let largest = 1 << 53

  /// Leaves of all epochs but the last the metrics' values alone.
  mutating func thin() {
    for index in epochs.indices.dropLast().reversed() {
      if epochs[index].validation?.perClass.isEmpty ?? true { return }
      epochs[index].validation = epochs[index].validation?.valuesAlone
      epochs[index].validationOfAverage = epochs[index].validationOfAverage?.valuesAlone
    }
  }

  /// Takes a line, without its newline.
  mutating func add(_ bytes: [UInt8]) {
    guard let line: Kind = try? JSONText.decode(from: bytes),
      (0...Self.largest).contains(line.step), (0...Self.largest).contains(line.epoch)
    else { return }
    switch line.kind {
    case "start": if let line: Start = try? JSONText.decode(from: bytes) { starts.append(line) }
    case "step": if let line: Step = try? JSONText.decode(from: bytes) { steps.append(line) }
    case "skipped":
      if let line: Skipped = try? JSONText.decode(from: bytes) { skipped.append(line) }
    case "epoch": if let line: Epoch = try? JSONText.decode(from: bytes) { epochs.append(line) }
    default: break
    }
  }
}
