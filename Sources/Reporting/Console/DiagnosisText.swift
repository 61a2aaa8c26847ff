package import Diagnosis
import Evaluation
package import Runs

/// A diagnosis as text for people.
package enum DiagnosisText {
  /// The run's scores, and each finding with its evidence and what to try.
  ///
  ///     runs/a: accuracy 0.812 (0.767–0.850 by 341 photos), macro F1 0.790; 1 finding
  ///
  ///     1 overfitting (serious)
  ///       97.1 % of the photos are recognised that it is trained on, and 81.2 % of others
  ///       try  --set mixing.mixup=0.2
  package static func lines(_ diagnosis: Diagnosis, of record: RunRecord) -> [String] {
    let count = diagnosis.findings.count
    let head = "\(record.path): \(scores(record))"
    if count == 0 {
      let isJudged = record.trainings.contains { !$0.metrics.epochs.isEmpty }
      return [
        isJudged || record.trainings.isEmpty
          ? "\(head); healthy: no sign of an illness in \(looked(record))"
          : "\(head); too short to judge: no sign of an illness in \(looked(record))"
      ]
    }
    var lines = ["\(head); \(count) finding\(count == 1 ? "" : "s")"]
    for (number, finding) in diagnosis.findings.enumerated() {
      let illness = finding.illness
      lines += [
        "",
        "\(number + 1) \(type(of: illness).name) (\(illness.severity.rawValue))"
          + (finding.folds.map { ", \(folds($0, of: diagnosis.folds ?? 0))" } ?? ""),
        "  " + IllnessText.sentence(illness),
      ]
      for (place, change) in illness.changes.enumerated() {
        lines.append("  \(place == 0 ? "try " : "or  ") \(text(change))")
      }
    }
    if diagnosis.unseen.contains(.labels) {
      lines += [
        "",
        "whether labels are wrong, this run doesn't tell: tutti probe PHOTOS --weights WEIGHTS --run PROBE, and then "
          + "tutti data doubts PROBE",
      ]
    }
    return lines
  }

  private static func folds(_ folds: [Int], of count: Int) -> String {
    "in \(folds.count) of \(count) folds"
      + (folds.count < count ? " (\(folds.map { "\($0)" }.joined(separator: ", ")))" : "")
  }

  private static func scores(_ record: RunRecord) -> String {
    guard let scores = record.scores else { return "no scores" }
    return
      "accuracy \(NumberText.fixed(scores[.accuracy], 3)) "
      + "(\(range(Interval.ofAccuracy(scores))) by \(NumberText.grouped(scores.photos)) photos), macro F1 "
      + NumberText.fixed(scores[.macroF1], 3)
  }

  private static func looked(_ record: RunRecord) -> String {
    let (steps, epochs) = record.trainings.reduce((0, 0)) {
      ($0.0 + $1.metrics.steps.count, $0.1 + $1.metrics.epochs.count)
    }
    if record.trainings.isEmpty { return "its scores" }
    return
      "\(NumberText.grouped(steps)) step\(steps == 1 ? "" : "s") and \(epochs) epoch\(epochs == 1 ? "" : "s")"
      + (record.trainings.count > 1 ? " of \(record.trainings.count) folds" : "")
  }

  static func range(_ interval: Interval) -> String {
    "\(NumberText.fixed(interval.lower, 3))–\(NumberText.fixed(interval.upper, 3))"
  }

  static func text(_ change: Change) -> String {
    switch change {
    case .set(let setting): "--set \(setting)"
    case .command(let command): command
    case .advice(let advice): advice
    }
  }
}
