package import Evaluation
package import Training

/// Tells a person how the training of one fold goes, a line for each epoch, among those of folds
/// that are trained side by side.
package final class FoldReport: TrainingObserver {
  private let console: Console
  private let fold: Int

  package init(fold: Int, console: Console) {
    self.fold = fold
    self.console = console
  }

  package func observe(_ event: TrainingEvent) {
    switch event {
    case .started(let report) where report.step > 0:
      line("goes on after step \(NumberText.grouped(report.step))")
    case .started(let report):
      line("\(NumberText.grouped(report.trainingPhotos)) photos to train on")
    case .epoch(let report): line(EpochText.line(report))
    case .step, .checkpoint: break
    }
  }

  /// The scores of the photos that the fold held out.
  package func tell(_ scores: Scores) {
    line(
      "held out \(NumberText.grouped(scores.photos)) photos: accuracy "
        + "\(NumberText.fixed(scores.accuracy, 3)), macro F1 \(NumberText.fixed(scores.macroF1, 3))"
    )
  }

  private func line(_ text: String) { console.line("fold \(fold)    \(text)") }
}
