import Evaluation
import Training

/// An epoch on one line.
enum EpochText {
  /// `epoch 3/30: loss 1.2, accuracy 51.3 %; validation loss …; 8.2 images/s`.
  static func line(_ report: EpochReport) -> String {
    "epoch \(report.epoch + 1)/\(report.epochs): loss \(NumberText.fixed(report.trainingLoss, 4)), "
      + "accuracy \(percent(report.trainingAccuracy))\(report.isMixed ? " of mixed photos" : ""); "
      + (report.validation.map { validation($0, by: report.selectBy, isBest: report.isBest) } ?? "")
      + rate(report.imagesPerSecond)
  }

  static func rate(_ imagesPerSecond: Double) -> String {
    NumberText.fixed(imagesPerSecond, imagesPerSecond < 100 ? 1 : 0) + " images/s"
  }

  /// The numbers that are always shown, and the one that epochs are chosen by.
  private static func validation(_ scores: Scores, by metric: Metric?, isBest: Bool) -> String {
    let shown: [Metric] = [.loss, .accuracy, .balancedAccuracy, .macroF1]
    let other = metric.flatMap { shown.contains($0) ? nil : ", \($0.title) \($0.text(scores[$0]))" }
    return
      "validation loss \(NumberText.fixed(scores[.loss], 4)), accuracy \(percent(scores[.accuracy])), "
      + "balanced \(percent(scores[.balancedAccuracy])), macro F1 "
      + NumberText.fixed(scores[.macroF1], 3) + (other ?? "") + (isBest ? " (best); " : "; ")
  }

  private static func percent(_ share: Double) -> String {
    NumberText.fixed(100 * share, 1) + " %"
  }
}
