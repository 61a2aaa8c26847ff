import EpochRules
import Evaluation
import Training

/// An epoch on one line.
enum EpochText {
  /// `epoch 3/30: loss 1.2, accuracy 51.3 %, clipped in 20.0 % of the steps; validation loss …; 8.2 images/s`.
  static func line(_ report: EpochReport) -> String {
    "epoch \(report.epoch + 1)/\(report.epochs): \(NumberText.loss(report.trainingLoss))"
      + (report.trainingAccuracy.map {
        ", accuracy \(NumberText.percent($0))\(report.isMixed ? " of mixed photos" : "")"
      } ?? "")
      + (report.clippedShare.map { ", clipped in \(NumberText.percent($0)) of the steps" } ?? "")
      + "; "
      + (report.validation.map { "validation \(scores($0, by: report.selectBy))" } ?? "")
      + (report.validationOfAverage.map {
        "; of averaged weights \(scores($0, by: report.selectBy))"
      }
        ?? "")
      + (report.validation == nil ? "" : report.decision.isBest ? " (best); " : "; ")
      + rate(report.imagesPerSecond)
  }

  /// What else the epoch's end decided, a line each.
  static func decisions(_ decision: EpochDecision) -> [String] {
    let lowered = decision.learningRateFactor.map {
      "plateau   from here on the learning rate is the schedule's times \(NumberText.short($0))"
    }
    let ended = decision.stop.map { stop in
      let best = stop.best.map { ": the best was \(stop.metric.text($0))" } ?? ""
      return "stopping  early, since \(stop.metric.title) hasn't got better for \(stop.epochs) "
        + "epoch\(stop.epochs == 1 ? "" : "s")\(best)"
    }
    return [lowered, ended].compactMap(\.self)
  }

  /// What the weights are worth that the training begins with.
  static func start(_ start: Scores) -> String {
    "start     validation \(scores(start, by: nil)), before the first step"
  }

  /// What helps where ranks wait for photos; nil where they don't.
  static func waiting(_ report: WaitingReport) -> String? {
    guard report.share > 0.05, report.seconds > 1 else { return nil }
    let threads =
      report.loaderThreads < report.threads
      ? "raise data.loader-threads (\(report.loaderThreads) a rank) to \(report.threads), " : ""
    let side = (Int(1.15 * Double(report.side)) + 7) / 8 * 8
    return
      "waiting   ranks waited for photos \(NumberText.percent(report.share)) of the epoch: \(threads)"
      + "keep photos on the disk smaller (a shorter side of \(side) pixels is enough), or take steps "
      + "out of augment; tutti bench loader says which cost most"
  }

  /// Why a step was passed over, and at which learning rate the training goes on if that is another.
  static func passedOver(_ step: PassedOverStep) -> String {
    step.reason
      + (step.learningRateFactor == 1
        ? ""
        : "; the learning rate is \(NumberText.short(step.learningRateFactor)) times the recipe's now")
  }

  static func rate(_ imagesPerSecond: Double) -> String {
    NumberText.fixed(imagesPerSecond, imagesPerSecond < 100 ? 1 : 0) + " images/s"
  }

  /// The numbers that are always shown, and the one that epochs are chosen by.
  private static func scores(_ scores: Scores, by metric: Metric?) -> String {
    let isSeveral = scores.matrix == nil
    let second: Metric = isSeveral ? .meanAveragePrecision : .balancedAccuracy
    let shown: [Metric] = [.loss, .accuracy, second, .macroF1]
    let other = metric.flatMap { shown.contains($0) ? nil : ", \($0.title) \($0.text(scores[$0]))" }
    return
      "loss \(NumberText.fixed(scores[.loss], 4)), accuracy \(NumberText.percent(scores[.accuracy])), "
      + (isSeveral
        ? "mean AP \(second.text(scores[second]))"
        : "balanced \(NumberText.percent(scores[second]))") + ", macro F1 "
      + NumberText.fixed(scores[.macroF1], 3) + (other ?? "")
  }
}
