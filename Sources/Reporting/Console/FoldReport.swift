package import Evaluation
import Files
package import Training

/// Tells a person how the training of one fold goes, a line for each epoch and each minute, among those of folds
/// that are trained side by side.
package final class FoldReport: TrainingObserver {
  private let console: Console
  private let fold: String
  private let now: () -> ContinuousClock.Instant
  private var lastLine: ContinuousClock.Instant

  /// - Parameters:
  ///   - fold: `fold 3`.
  ///   - now: the clock that tells when a minute has passed without a line.
  package init(
    fold: String, console: Console, now: @escaping () -> ContinuousClock.Instant = { .now }
  ) {
    self.fold = fold
    self.console = console
    self.now = now
    lastLine = now()
  }

  package func observe(_ event: TrainingEvent) {
    switch event {
    case .started(let report) where report.step > 0:
      line(
        "goes on after step \(NumberText.grouped(report.step)), on \(report.ranks) rank\(report.ranks == 1 ? "" : "s")"
      )
    case .started(let report):
      line("\(NumberText.grouped(report.trainingPhotos)) photos to train on")
    case .epoch(let report):
      line(EpochText.line(report))
      if let text = EpochText.waiting(report.waiting) { line(text) }
      for text in EpochText.decisions(report.decision) { line(text) }
    case .step(let progress) where now() - lastLine > .seconds(60):
      line(
        "epoch \(progress.epoch + 1)/\(progress.epochs), step "
          + "\(NumberText.grouped(progress.step))/\(NumberText.grouped(progress.totalSteps)): "
          + "\(NumberText.loss(progress.loss)), "
          + EpochText.rate(progress.imagesPerSecond))
    case .passedOver(let step): line("skipped a step: \(EpochText.passedOver(step))", .warning)
    case .step, .validatedStart, .saving, .checkpoint, .traced: break
    }
  }

  /// What is to be known of the fold's training.
  package func tell(_ note: String) {
    lastLine = now()
    console.remark(named(note))
  }

  /// The scores of the photos that the fold held out.
  package func tell(_ scores: ViewedScores) {
    line(
      "held out \(NumberText.grouped(scores.photos)) photos: accuracy "
        + "\(NumberText.fixed(scores[.accuracy], 3)), macro F1 \(NumberText.fixed(scores[.macroF1], 3))"
        + (scores.scores.matrix == nil
          ? ", mean AP \(NumberText.fixed(scores[.meanAveragePrecision], 3))" : ""))
  }

  private func line(_ text: String, _ tone: TerminalText.Tone = .plain) {
    lastLine = now()
    console.line(named(text), tone)
  }

  private func named(_ text: String) -> String { "\(fold)    \(text)" }
}
