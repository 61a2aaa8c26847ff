package import Evaluation

/// What a training's folder shows at a moment: a run's, a fold's, or a trial's.
package struct TrainingStatus: Sendable {
  package enum State: String, Sendable {
    /// Nothing is there yet, or nobody has come to it.
    case notBegun = "not begun"
    case running
    /// A process of another host had the folder, which can't be seen from here, and its metrics grew just now.
    case perhapsRunning = "running?"
    case finished
    case finishedEarly = "finished early"
    /// Nobody works on it, and it isn't at its end.
    case stopped
    case failed

    package var isRunning: Bool { self == .running || self == .perhapsRunning }
  }

  /// What a running training does, by the last lines of its metrics and by its checkpoints' folder.
  package enum Activity: String, Sendable {
    /// Before the first step since the process has had the folder.
    case starting, training, validating, saving
    /// Of a fold, all steps are taken and the photos that it holds out are predicted.
    case predicting
  }

  package struct Checkpoint: Equatable, Sendable {
    package let path: String
    package let step: Int
    package let secondsAgo: Int
  }

  /// `fold 3`, `trial 7`; nothing for a run.
  package var name = ""
  package var path: String
  package var state = State.notBegun
  /// Nil where it isn't running.
  package var activity: Activity?
  /// Since its last start.
  package var ranks: Int?
  /// Of the next step, from 1.
  package var epoch: Int?
  package var epochs: Int?
  /// Steps taken.
  package var step: Int?
  package var lastStep: Int?
  /// Of the last step; nil before the first, or where its photos have no weight.
  package var loss: Double?
  package var learningRate: Double?
  /// Of the last twenty steps.
  package var imagesPerSecond: Double?
  /// To its end, of a running one, steps and validations; nil where it can't be told yet.
  package var secondsLeft: Double?
  /// What the whole training takes.
  package var secondsInAll: Double?
  /// Since its metrics were last written to.
  package var secondsSinceChange: Int?
  /// Whether it has taken no step for much longer than steps take.
  package var isQuiet = false
  /// Steps that weren't finite, but for those by which a loss scale is found.
  package var skipped = 0
  /// The last epoch's line.
  package var lastEpoch: MetricsRecord.Epoch?
  package var checkpoint: Checkpoint?
  package var metric: Metric?
  /// Of the chosen epoch so far, by the validation photos.
  package var best: Double?
  /// Of the photos that a fold held out, once it is done.
  package var heldOut: Double?
  /// Of a trial, what it tries: values by key, in the order of the space.
  package var settings: [(key: String, value: String)] = []
  package var curves: LearningCurves?
  /// What went wrong with it, or with looking at it.
  package var note: String?

  init(name: String = "", path: String) {
    self.name = name
    self.path = path
  }
}
