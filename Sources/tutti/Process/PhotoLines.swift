import Datasets
import Experiments

extension Experiment {
  /// What is said at the start of photos that were left out or are there twice.
  var photoLines: [String] {
    [leftOutText.map { "skipped   \($0)" }, dataset.twinsText.map { "twins     \($0)" }]
      .compactMap(\.self)
  }
}
