import Checkpoints
import Datasets
package import Evaluation
package import Images
package import Inference
import NeuralNetworks
import Tensors

/// What the model says of photos that it isn't trained on.
extension Trainer {
  /// Begins to load the validation photos in an epoch's last step, so that nobody waits for the first of
  /// them; those of the next epoch are loaded meanwhile.
  func loadValidation(_ serve: @escaping () throws -> Void) {
    if data.splits.validation.isEmpty { return }
    validationAtoms = validationPass(serve).atoms(of: data.splits.validation)
  }

  func validateStart(_ serve: @escaping () throws -> Void) throws {
    loadValidation(serve)
    guard let scores = try validate(serve).raw?.scores else { return }
    state.scoreAtStart = settings.selectBy.map { scores[$0] }
    try report(.validatedStart(scores))
  }

  /// The scores of the validation photos, by the weights as they are and by their average; nil when there
  /// are none.
  func validate(
    _ serve: @escaping () throws -> Void
  ) throws -> (raw: EnsemblePass.Scored?, averaged: EnsemblePass.Scored?) {
    guard let atoms = validationAtoms else { return (nil, nil) }
    validationAtoms = nil
    let others = try begunAverage?.gather()
    let scores = try validationPass(with: others, serve).scores(of: atoms)
    return (scores[0], others == nil ? nil : scores[1])
  }

  /// What the model says of other photos of the dataset, by the weights as they are. Collective.
  ///
  /// - Parameters:
  ///   - views: what is asked of each photo, of these pipelines.
  ///   - serve: called after each forward pass, for what this rank does on the side.
  package func predictions(
    of samples: [Int], by views: EnsemblePass.Views, _ pipelines: [Pipeline],
    averaging: Averaging, serving serve: @escaping () throws -> Void
  ) throws -> ViewedPredictions {
    try pass(by: views, pipelines, averaging: averaging, serve).predictions(samples).members[0]
  }

  /// By the plain view alone.
  private func validationPass(
    with others: FlatStore? = nil, _ serve: @escaping () throws -> Void
  ) -> EnsemblePass {
    pass(by: .alone(0), [data.evaluationPipeline], with: others, serve)
  }

  /// - Parameter others: weights that are asked besides.
  private func pass(
    by views: EnsemblePass.Views, _ pipelines: [Pipeline], averaging: Averaging = .probabilities,
    with others: FlatStore? = nil, _ serve: @escaping () throws -> Void
  ) -> EnsemblePass {
    EnsemblePass(
      ([weights] + [others].compactMap(\.self)).map {
        EnsemblePass.Member(network: model.network, weights: $0, views: views)
      },
      pipelines: pipelines, averaging: averaging, dataset: data.dataset,
      thresholds: settings.thresholds, microBatch: settings.evaluationMicroBatch,
      loaderThreads: data.loaderThreads,
      communicator: communicator, pool: pool, serving: serve)
  }
}
