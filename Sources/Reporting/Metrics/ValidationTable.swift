import EpochRules
package import Evaluation
import Files
package import Training

/// Writes what the best epoch says of each validation photo, as `tutti evaluate --split validation --csv` does: what
/// reports, diagnoses and comparisons are made of.
package final class ValidationTable: TrainingObserver {
  private let path: String
  private let named: (Predictions) -> LabelledPhotos

  /// - Parameters:
  ///   - path: the file.
  ///   - named: the photos by their paths, with their groups.
  package init(path: String, named: @escaping (Predictions) -> LabelledPhotos) {
    self.path = path
    self.named = named
  }

  package func observe(_ event: TrainingEvent) throws {
    guard case .epoch(let report) = event, report.decision.isBest, let answers = report.answers
    else { return }
    try FileWriting.replace(path, with: Array(named(answers).csv.utf8))
  }
}
