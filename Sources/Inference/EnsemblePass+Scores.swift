import DataParallel
package import Evaluation
import MPI

extension EnsemblePass {
  /// What a member scores, and what it says of each photo, where that was gathered.
  package typealias Scored = (scores: Scores, predictions: Predictions?)

  /// Each member's scores over all ranks' atoms, on every rank; the loss is plain cross-entropy, without
  /// smoothing. Probabilities are gathered where there aren't more than `Metric.mostProbabilities`, or photos have
  /// several labels; of more, the scores lack the metrics that need them.
  ///
  /// - Throws: `PhotoError` on the rank that can't read a photo, `MPIError`.
  package func scores(of atoms: OwnAtoms) throws -> [Scored] {
    try ownPredictions(atoms).all.members.map { try scores(of: $0.averaged) }
  }

  private func scores(of own: Predictions) throws -> Scored {
    let photos = try communicator.gatherInOrder([Int64(own.labels.count)]).reduce(0, +)
    if own.thresholds != nil || Int(photos) * own.classes.count <= Metric.mostProbabilities {
      let all = try own.gathered(over: communicator)
      return (all.scores, all)
    }
    let pairs = own.labels.enumerated().map { Int64($1 * own.classes.count + own.predicted($0)) }
    var matrix = ConfusionMatrix(classes: own.classes)
    for pair in try communicator.gatherInOrder(pairs) {
      let (label, predicted) = Int(pair).quotientAndRemainder(dividingBy: own.classes.count)
      matrix.add(label: label, predicted: predicted)
    }
    return (Scores(matrix, losses: try communicator.gatherInOrder(own.losses)), nil)
  }
}
