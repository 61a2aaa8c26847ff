/// Which parameters are frozen in which epochs and how fast the others learn, where a training starts from
/// weights that know something already.
package struct FineTuning: Equatable, Sendable {
  /// From an epoch on, until the next phase.
  package struct Phase: Equatable, Sendable {
    /// Counted from 0.
    package let firstEpoch: Int
    /// Names of parameters and running statistics that stay as they are.
    package let frozen: Set<String>

    package init(firstEpoch: Int, frozen: Set<String>) {
      self.firstEpoch = firstEpoch
      self.frozen = frozen
    }
  }

  /// In the order of their epochs, the first from 0 on, each with less than the one before; empty where nothing is
  /// frozen.
  package var phases: [Phase]
  /// Names of running statistics that always stay as they are.
  package var frozenStatistics: Set<String>
  /// Factors on the learning rate by parameters' names, where they aren't 1.
  package var learningRateScales: [String: Double]

  package init(
    phases: [Phase] = [], frozenStatistics: Set<String> = [],
    learningRateScales: [String: Double] = [:]
  ) {
    self.phases = phases
    self.frozenStatistics = frozenStatistics
    self.learningRateScales = learningRateScales
  }

  /// What no epoch trains.
  package var frozenInAllEpochs: Set<String> { frozenStatistics.union(phases.last?.frozen ?? []) }

  /// The same with what the first epoch freezes, in all epochs.
  package var asInFirstEpoch: FineTuning {
    var tuning = self
    tuning.phases = Array(phases.prefix(1))
    return tuning
  }

  /// What is frozen in an epoch, counted from 0.
  package func frozen(inEpoch epoch: Int) -> Set<String> {
    frozenStatistics.union(phases.last { $0.firstEpoch <= epoch }?.frozen ?? [])
  }
}
