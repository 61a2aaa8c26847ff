/// Collects the curve of a range test as its training goes on, on the first rank.
package final class RateTest: TrainingObserver {
  package private(set) var curve: RateCurve
  /// How many steps were taken for the curve. One whose photos have no weight has no loss, and no point.
  package private(set) var steps = 0
  private let tell: (StepProgress) -> Void

  /// - Parameter tell: shows a step.
  package init(steps: Int, telling tell: @escaping (StepProgress) -> Void) {
    curve = RateCurve(steps: steps)
    self.tell = tell
  }

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
