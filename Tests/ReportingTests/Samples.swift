import EpochRules
import Evaluation
import Reporting

@testable import Training

/// A console's text, piece by piece as it was written.
final class Written {
  private(set) var pieces: [String] = []
  /// All of it so far; what was there before is forgotten.
  func take() -> String {
    defer { pieces = [] }
    return pieces.joined()
  }

  func console(isTerminal: Bool = false) -> Console {
    Console(isTerminal: isTerminal) { self.pieces.append($0) }
  }
}

/// A clock that stands still until it is told otherwise.
final class Hand {
  private(set) var now = ContinuousClock.now
  func advance(_ duration: Swift.Duration) { now += duration }
}

/// Four photos of two classes, one of them taken for the other.
func sampleScores(loss: Double = 0.3125) -> Scores {
  Scores(ConfusionMatrix(classes: ["joy", "awe"], rows: [[1, 1], [0, 2]]), loss: loss)
}

extension StartReport {
  /// Two epochs of ten steps with 64 photos each.
  static func sample(
    step: Int = 0, lastStep: Int = 20, ranks: Int = 2,
    sizes: [(firstEpoch: Int, side: Int)] = [(0, 224)], recomputedBlocks: Int = 0
  ) -> StartReport {
    StartReport(
      step: step, totalSteps: 20, lastStep: lastStep, stepsPerEpoch: 10, epochs: 2,
      trainingPhotos: 640, classes: [("joy", 600), ("awe", 40)], microBatches: 4, ranks: ranks,
      memory: MemoryPlan(
        forecast: MemoryForecast(
          program: 90_000_000, state: 134_000_000, activations: 1_200_000_000, loader: 77_000_000),
        limit: "8.0 GB (what is free)",
        mostRecomputed: recomputedBlocks, blocks: 16),
      sizes: sizes)
  }
}

extension StepProgress {
  static func sample(
    step: Int, loss: Double? = 0.5, lossScale: Int? = nil, seconds: Double = 2,
    stepsHere: Int? = nil
  ) -> StepProgress {
    StepProgress(
      step: step, totalSteps: 20, epoch: (step - 1) / 10, epochs: 2, loss: loss, accuracy: 0.75,
      learningRate: 0.000048, gradientNorm: 1.5, lossScale: lossScale, samples: 64,
      seconds: seconds,
      stepsHere: stepsHere ?? step, peakTensorBytes: 2_100_000_000)
  }
}

extension PassedOverStep {
  static func sample(
    learningRateFactor: Double = 1, lossScale: Int? = nil
  ) -> PassedOverStep {
    PassedOverStep(
      step: 7, epoch: 0, reason: "the loss is not finite in step 7",
      learningRateFactor: learningRateFactor, lossScale: lossScale)
  }
}

extension EpochReport {
  static func sample(
    trainingLoss: Double? = 1.23456, trainingAccuracy: Double? = 0.5128,
    isMixed: Bool = false, clippedShare: Double? = nil,
    validation: Scores? = sampleScores(), average: Scores? = nil,
    selectBy: Metric? = .macroF1,
    isBest: Bool = false, learningRateFactor: Double? = nil, stop: EarlyStop? = nil,
    imagesPerSecond: Double = 8.25,
    waiting: WaitingReport = WaitingReport(
      seconds: 3, share: 0.04, loaderThreads: 1, threads: 2, side: 224),
    exchange: ExchangeReport? = ExchangeReport(waited: [5, 2.5], of: 10),
    memory: MemoryReport = MemoryReport(resident: 200, limit: 1000, left: 700),
    validationSeconds: Double = 3
  ) -> EpochReport {
    EpochReport(
      step: 10, epoch: 0, epochs: 2, trainingLoss: trainingLoss, trainingAccuracy: trainingAccuracy,
      isMixed: isMixed, clippedShare: clippedShare,
      validation: validation, validationOfAverage: average, decidingScores: average ?? validation,
      answers: nil,
      selectBy: selectBy,
      decision: EpochDecision(
        isBest: isBest, learningRateFactor: learningRateFactor, stop: stop),
      imagesPerSecond: imagesPerSecond,
      waiting: waiting, exchange: exchange, memory: memory, validationSeconds: validationSeconds)
  }
}
