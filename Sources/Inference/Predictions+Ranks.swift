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
      classes: classes, samples: try gather(samples), labels: try gather(labels),
      probabilities: try communicator.gatherInOrder(probabilities),
      losses: try communicator.gatherInOrder(losses))
  }
}
