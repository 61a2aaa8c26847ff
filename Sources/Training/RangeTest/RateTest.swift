/// Collects the curve of a range test as its training goes on, on the first rank.
package final class RateTest: TrainingObserver {
  package private(set) var curve: RateCurve
  /// How many steps were taken for the curve. One whose photos have no weight has no loss, and no point.
  package private(set) var steps = 0
  /// Hears of each step.
  package var tell: (StepProgress) -> Void = { _ in }

  package init(steps: Int) { curve = RateCurve(steps: steps) }

  package func observe(_ event: TrainingEvent) {
    // Ranks agree to stop one step after the loss has diverged.
    guard case .step(let progress) = event, !curve.hasDiverged else { return }
    steps = progress.step
    if let loss = progress.loss {
      curve.append(loss: loss, learningRate: progress.learningRate)
    }
    tell(progress)
  }
}
