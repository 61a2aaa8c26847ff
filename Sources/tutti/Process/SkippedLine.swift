import Experiments

extension Experiment {
  /// What is said of photos that were left out; nil when there are none.
  var skippedLine: String? { leftOutText.map { "skipped   \($0)" } }
}
