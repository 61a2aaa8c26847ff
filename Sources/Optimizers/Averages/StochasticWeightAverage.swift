/// The mean of the weights at the ends of the last epochs: Izmailov et al., "Averaging weights leads to wider
/// optima and better generalization", UAI 2018, as `torch.optim.swa_utils.AveragedModel`, updated after each
/// epoch.
///
/// Running statistics of one epoch's weights suit no other's, so they are made anew, as `update_bn` does.
package struct StochasticWeightAverage: WeightAverage {
  /// The first epoch whose end counts, from 0.
  package var firstEpoch: Int

  package init(firstEpoch: Int) { self.firstEpoch = firstEpoch }

  package var renewsStatistics: Bool { true }

  package func takesIn(epoch: Int, endsEpoch: Bool, isApplied: Bool) -> Bool {
    endsEpoch && epoch >= firstEpoch
  }

  package func share(ofUpdate number: Int) -> Double { 1 / Double(number) }
}
