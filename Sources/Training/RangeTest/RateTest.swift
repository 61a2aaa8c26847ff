/// Collects the curve of a range test as its training goes on, on the first rank.
package final class RateTest: TrainingObserver {
  package private(set) var curve: RateCurve
  private let tell: (StepProgress) -> Void

  /// - Parameter tell: shows a step.
  package init(steps: Int, telling tell: @escaping (StepProgress) -> Void) {
    curve = RateCurve(steps: steps)
    self.tell = tell
  }

  package func observe(_ event: TrainingEvent) {
    // Ranks agree to stop one step after the loss has diverged.
    guard case .step(let progress) = event, !curve.hasDiverged else { return }
    curve.append(loss: progress.loss, learningRate: progress.learningRate)
    tell(progress)
  }
}
