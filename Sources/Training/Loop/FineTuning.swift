/// Which parameters are frozen and how fast the others learn, where a training starts from weights
/// that know something already.
package struct FineTuning: Equatable, Sendable {
  /// Names of parameters and running statistics that stay as they are for the first epochs.
  package var frozen: Set<String>
  /// How many epochs these are; nil for all.
  package var freezeEpochs: Int?
  /// Names of running statistics that always stay as they are.
  package var frozenStatistics: Set<String>
  /// Factors on the learning rate by parameters' names, where they aren't 1.
  package var learningRateScales: [String: Double]

  package init(
    frozen: Set<String> = [], freezeEpochs: Int? = nil, frozenStatistics: Set<String> = [],
    learningRateScales: [String: Double] = [:]
  ) {
    self.frozen = frozen
    self.freezeEpochs = freezeEpochs
    self.frozenStatistics = frozenStatistics
    self.learningRateScales = learningRateScales
  }

  /// What no epoch trains.
  package var frozenInAllEpochs: Set<String> {
    freezeEpochs == nil ? frozen.union(frozenStatistics) : frozenStatistics
  }

  /// What is frozen in an epoch, counted from 0.
  func frozen(inEpoch epoch: Int) -> Set<String> {
    if let freezeEpochs, epoch >= freezeEpochs { return frozenStatistics }
    return frozen.union(frozenStatistics)
  }
}
