import Recipes
import Tensors
package import Runs

/// Steps whose numbers weren't finite, and that were passed over.
package struct NonFiniteSteps: Illness {
  package static let name = "non-finite-steps"

  package let skipped: Int
  package let steps: Int
  /// Of the first of them.
  package let reason: String
  package let severity: Severity
  package let changes: [Change]

  /// One bad photo an epoch is met once in an epoch of a hundred steps; more than that is the training's own doing.
  private static let seriousShare = 0.01

  /// Halvings from the largest loss scale to none.
  private static let mostToScale = 40

  package init?(_ training: RunRecord.Training) {
    let (all, applied) = (training.metrics.skipped, training.metrics.steps.count)
    // A loss scale comes down by a few such steps, and seldom rises into another.
    let isStuck =
      applied == 0
      || all.count > Self.mostToScale
        && Double(all.count) > Self.seriousShare * Double(applied + all.count)
    let ill = isStuck ? all : all.filter { $0.lossScale == nil }
    guard let first = ill.first else { return nil }
    skipped = ill.count
    steps = applied + skipped
    reason = first.reason
    severity =
      applied == 0
      ? .critical : Double(skipped) / Double(steps) > Self.seriousShare ? .serious : .minor
    changes =
      ([.fp16, .fp16Gradients].contains(training.recipe.training.precision)
        ? [.set("training.precision=bf16")] : [])
      + [training.learningRate(times: 0.3)]
  }

  private enum CodingKeys: CodingKey { case skipped, steps, reason }
}
