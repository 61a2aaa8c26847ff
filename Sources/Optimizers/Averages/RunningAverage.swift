package import Tensors

/// The update of batch norm's running statistics, once a step:
///
///     running ← (1 − momentum)·running + momentum·sum/samples
package struct RunningAverage: Sendable {
  /// The share of the new value; PyTorch's `momentum`.
  package var momentum: Double

  package init(momentum: Double = 0.1) { self.momentum = momentum }

  /// Updates the statistics in `range`; parameters in it are left to the `Optimizer`.
  ///
  /// - Parameters:
  ///   - range: elements of the flat store.
  ///   - weights: the weight of the range's first element; overwritten.
  ///   - sums: the gradient of the range's first element: batch statistics, each times its samples.
  ///   - frozen: names of statistics that stay as they are.
  ///   - samples: what the sums are divided by; none, and the statistics stay as they are.
  package func apply(
    _ range: Range<Int>, of layout: FlatLayout, weights: UnsafeMutablePointer<Float>,
    sums: UnsafePointer<Float>, frozen: Set<String> = [], samples: Double
  ) {
    if samples == 0 { return }
    layout.forEachPart(of: range) { entry, part in
      if entry.kind != .statistic || frozen.contains(entry.name) { return }
      for element in part {
        let i = element - range.lowerBound
        let mean = Double(sums[i]) / samples
        weights[i] = Float((1 - momentum) * Double(weights[i]) + momentum * mean)
      }
    }
  }
}
