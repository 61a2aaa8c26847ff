import Datasets
import Experiments

extension Experiment {
  /// What is said at the start of photos that were left out or are there twice.
  var photoLines: [String] {
    [leftOutText.map { "skipped   \($0)" }].compactMap(\.self)
      + dataset.noteLines(width: 10)
  }
}

extension Dataset {
  /// The notes on the list of photos, behind their subjects in a column of that width.
  func noteLines(width: Int) -> [String] {
    notes.map { subject, text in
      subject + String(repeating: " ", count: max(1, width - subject.count)) + text
    }
  }
}
