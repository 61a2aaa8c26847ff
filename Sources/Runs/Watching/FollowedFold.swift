import Evaluation
import Files

/// A part of what is watched: a run, a fold or a trial.
protocol FollowedPart: Sendable {
  /// - Parameter now: in seconds since 1970.
  mutating func look(now: Int) -> TrainingStatus
  /// What can be read of it for a diagnosis; nil for nothing.
  var record: RunRecord.Training? { get }
}

extension FollowedTraining: FollowedPart {}

/// A fold of a cross-validation, which is done when it has a result.
struct FollowedFold: FollowedPart {
  private let fold: Int
  private var training: FollowedTraining
  private var result = FollowedFile<FoldResult>()

  /// - Parameter member: the cross-validation's name where it is one of several.
  init(_ fold: Int, of folder: CrossvalFolder, member: String? = nil) {
    self.fold = fold
    training = FollowedTraining(
      folder.run(ofFold: fold), name: (member.map { "\($0) " } ?? "") + "fold \(fold)")
  }

  var record: RunRecord.Training? {
    training.record.map {
      RunRecord.Training(path: $0.path, fold: fold, recipe: $0.recipe, metrics: $0.metrics)
    }
  }

  mutating func look(now: Int) -> TrainingStatus {
    var status = training.look(now: now)
    let folder = training.folder
    result.look(at: FoldResult.path(in: folder)) { _ in try FoldResult(of: folder) }
    let isTrained = status.step != nil && status.step == status.lastStep
    if let result = result.value {
      status.state = result.stoppedEarly == true ? .finishedEarly : .finished
      status.activity = nil
      status.heldOut = status.metric.map { result.scores[$0] }
    } else if !status.state.isRunning, status.state != .notBegun {
      // Its steps may all be taken, but its photos aren't predicted.
      status.state = .stopped
    } else if isTrained, status.activity == .training {
      status.activity = .predicting
    }
    return status
  }
}
