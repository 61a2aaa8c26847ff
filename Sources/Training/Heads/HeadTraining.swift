import DataParallel
import Datasets
import Differentiation
package import Inference
package import MPI
package import NeuralNetworks
import Optimizers
package import Tensors

/// Trains a head on features of photos, by the steps that a whole net is trained with.
package struct HeadTraining {
  private let head: Model
  private let settings: TrainingSettings
  private let communicator: Communicator
  private let pool: ThreadPool

  /// - Parameters:
  ///   - head: its network takes features in the place of images.
  ///   - communicator: the ranks that train it together.
  package init(
    _ head: Model, _ settings: TrainingSettings, over communicator: Communicator, pool: ThreadPool
  ) {
    self.head = head
    self.settings = settings
    self.communicator = communicator
    self.pool = pool
  }

  /// Trains on some rows for all epochs, two of them at least to a micro-batch, from weights that become the trained ones.
  ///
  /// - Parameter targets: of all rows.
  /// - Returns: steps taken.
  /// - Throws: `TrainingError`, `MPIError`.
  package func train(
    _ weights: FlatStore, on features: Features, rows: [Int], targets: Targets
  ) throws -> Int {
    // Of a row there is one value of each feature: a head that normalises needs two rows.
    let plan = StepPlan(
      samples: rows.count, globalBatch: settings.globalBatch, microBatch: settings.microBatch,
      leastMicroBatch: 2)
    let length = settings.length(of: plan)
    let optimizerStep = try TrainingStep(
      head, loss: settings.loss, optimizer: settings.optimizer, clipping: settings.clipping,
      batchNormMomentum: settings.batchNormMomentum, weights: weights, communicator: communicator,
      pool: pool)
    // Steps, and those that weren't without weight.
    var (number, updates) = (0, 0)
    for epoch in 0..<settings.epochs {
      let order = epochOrder(of: rows, seed: settings.seed, epoch: epoch)
      for range in plan.steps {
        let leaves = plan.microBatches(of: range)
        let learningRate =
          settings.learningRate * settings.schedule.factor(step: number, of: length)
        number += 1
        let summary = try optimizerStep.take(
          leaves: leaves.count, number: updates + 1, learningRate: learningRate,
          momentum: settings.schedule.momentum(step: number - 1, of: length),
          votes: { StepVotes() },
          microBatch: { leaf in
            let rows = order[leaves[leaf]]
            return MicroBatch(
              images: features.tensor(rows), targets: targets[Array(rows)],
              randomness: Randomness(
                seed: settings.seed, epoch: epoch, positions: Array(leaves[leaf])))
          })
        if let what = summary.nonFinite {
          throw TrainingError.notFinite(
            NonFiniteStep(what: what, step: number, learningRate: learningRate))
        }
        if summary.isApplied { updates += 1 }
      }
    }
    return number
  }

  /// The logits `[rows, classes]` of some rows.
  package func logits(_ weights: FlatStore, of features: Features, rows: [Int]) -> [Float] {
    microBatches(of: 0..<rows.count, size: settings.evaluationMicroBatch).flatMap { atom in
      let tape = Tape(Parameters(weights: weights), mode: .evaluation, pool: pool)
      let input = Variable(features.tensor(rows[atom]), needsGradient: false)
      return head.network(input, on: tape).value.values
    }
  }
}
