package import Evaluation
import Files

/// What the folder of a run, a cross-validation, several of them, or a search shows at a moment.
package struct WatchStatus: Sendable {
  package enum Kind: String, Sendable {
    /// A training's, or nothing yet.
    case run
    case crossval = "cross-validation"
    case crossvals = "cross-validations"
    case search
  }

  /// Of `environment.json`: where the last process was started.
  package struct Environment: Decodable, Sendable {
    package let host: String
    package let hosts: Int
    package let ranks: Int
    package let threads: Int
  }

  package let path: String
  package let kind: Kind
  /// In seconds since 1970.
  package let now: Int
  package var state = TrainingStatus.State.notBegun
  /// Who has the folder, as far as its lock file says; nil where nobody works in it.
  package var holder: RunLock.Holder?
  package var environment: Environment?
  /// A run alone; or folds, or trials that were begun, in their order.
  package var trainings: [TrainingStatus] = []
  /// Folds or trials: how many there are to be, and how many have a result; a run is one.
  package var count = 0
  package var done = 0
  /// To the end of all; nil where it can't be told.
  package var secondsLeft: Double?

  init(path: String, kind: Kind, now: Int) {
    (self.path, self.kind, self.now) = (path, kind, now)
  }

  /// Over the folds that are done, of the photos that they held out; nil before the first, and where there is no one
  /// metric.
  package var heldOutMean: (metric: Metric, value: Double)? {
    guard kind == .crossval, let metric = trainings.compactMap(\.metric).first else { return nil }
    let values = trainings.compactMap(\.heldOut)
    return values.isEmpty ? nil : (metric, values.reduce(0, +) / Double(values.count))
  }

  /// The best trial so far, of those that came furthest.
  package var bestTrial: TrainingStatus? {
    guard kind == .search, let metric = trainings.compactMap(\.metric).first else { return nil }
    return trainings.filter { $0.best != nil && !$0.state.isRunning }.max { one, other in
      let (epochs, others) = (one.epoch ?? 0, other.epoch ?? 0)
      return epochs == others
        ? metric.prefers(other.best ?? .nan, to: one.best ?? .nan) : epochs < others
    }
  }

  /// Of folds that wait, each takes the mean of what is known of others; those that run go on side by side.
  mutating func estimateEnd() {
    let running = trainings.filter(\.state.isRunning)
    let left = running.compactMap(\.secondsLeft)
    guard !left.isEmpty, left.count == running.count else { return }
    guard kind != .search else { return }
    let whole = trainings.compactMap(\.secondsInAll)
    let mean = whole.reduce(0, +) / Double(max(whole.count, 1))
    let waiting = trainings.reduce(0.0) { sum, training in
      switch training.state {
      case .notBegun, .stopped:
        let (step, last) = (training.step ?? 0, training.lastStep ?? 0)
        return sum + mean * (last > 0 ? 1 - Double(step) / Double(last) : 1)
      default: return sum
      }
    }
    let sum = left.reduce(0, +) + waiting
    secondsLeft = max(left.max() ?? 0, sum / Double(running.count))
  }
}
