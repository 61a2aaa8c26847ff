import DataParallel
import Evaluation
import MPI

extension Predictions {
  /// All ranks' predictions, in rank order, on every rank.
  func gathered(over communicator: Communicator) throws -> Predictions {
    func gather(_ indices: [Int]) throws -> [Int] {
      try communicator.gatherInOrder(indices.map(Int64.init)).map { Int($0) }
    }
    return Predictions(
      classes: classes, thresholds: thresholds, samples: try gather(samples),
      labels: try gather(labels), truths: try communicator.gatherInOrder(truths),
      probabilities: try communicator.gatherInOrder(probabilities),
      losses: try communicator.gatherInOrder(losses))
  }
}

extension ViewedPredictions {
  /// The same as `Predictions.gathered`.
  func gathered(over communicator: Communicator) throws -> ViewedPredictions {
    ViewedPredictions(
      views: views, averaged: try averaged.gathered(over: communicator),
      plain: try plain?.gathered(over: communicator))
  }
}

extension EnsemblePredictions {
  /// The same as `Predictions.gathered`.
  ///
  /// - Parameter isOneAnswer: whether all together say what the one member says.
  func gathered(isOneAnswer: Bool, over communicator: Communicator) throws -> EnsemblePredictions {
    let members = try members.map { try $0.gathered(over: communicator) }
    return EnsemblePredictions(
      members: members,
      together: isOneAnswer ? members[0] : try together.gathered(over: communicator))
  }
}
