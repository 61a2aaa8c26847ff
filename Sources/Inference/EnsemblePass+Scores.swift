import DataParallel
package import Evaluation
import MPI

extension EnsemblePass {
  /// Each member's scores over all ranks' atoms, on every rank; the loss is plain cross-entropy, without
  /// smoothing. Gathers no probabilities, but where photos have several labels, whose ranks are asked for.
  ///
  /// - Throws: `PhotoError` on the rank that can't read a photo, `MPIError`.
  package func scores(of atoms: OwnAtoms) throws -> [Scores] {
    try ownPredictions(atoms).all.members.map { try scores(of: $0.averaged) }
  }

  private func scores(of own: Predictions) throws -> Scores {
    if own.thresholds != nil { return try own.gathered(over: communicator).scores }
    let pairs = own.labels.enumerated().map { Int64($1 * own.classes.count + own.predicted($0)) }
    var matrix = ConfusionMatrix(classes: own.classes)
    for pair in try communicator.gatherInOrder(pairs) {
      let (label, predicted) = Int(pair).quotientAndRemainder(dividingBy: own.classes.count)
      matrix.add(label: label, predicted: predicted)
    }
    return Scores(matrix, losses: try communicator.gatherInOrder(own.losses))
  }
}
