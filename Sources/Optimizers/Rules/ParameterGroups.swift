package import Tensors

/// What an update does otherwise than usual, by the parameters' names: PyTorch's parameter groups.
package struct ParameterGroups: Sendable, Equatable {
  /// Parameters and running statistics that stay as they are, moments included.
  package var frozen: Set<String>
  /// Factors on the learning rate, where they aren't 1.
  package var learningRateScales: [String: Double]
  /// Updates that passed while a parameter was frozen: it has a count of its own for bias
  /// correction, as in PyTorch. Those that aren't named missed none.
  package var missedUpdates: [String: Int]

  package init(
    frozen: Set<String> = [], learningRateScales: [String: Double] = [:],
    missedUpdates: [String: Int] = [:]
  ) {
    self.frozen = frozen
    self.learningRateScales = learningRateScales
    self.missedUpdates = missedUpdates
  }

  /// What the parameters of a group have in common.
  package struct Group: Equatable, Sendable {
    package let learningRateScale: Double
    package let missedUpdates: Int
  }

  /// Nil for what stays as it is.
  package func group(of entry: FlatEntry) -> Group? {
    if entry.kind == .statistic || frozen.contains(entry.name) { return nil }
    return Group(
      learningRateScale: learningRateScales[entry.name] ?? 1,
      missedUpdates: missedUpdates[entry.name] ?? 0)
  }

  /// The parts of a range that lie in neighbouring parameters of one group.
  fileprivate func parts(
    of range: Range<Int>, _ layout: FlatLayout
  ) -> [(range: Range<Int>, learningRateScale: Double, missedUpdates: Int)] {
    var parts: [(range: Range<Int>, group: Group?)] = []
    layout.forEachPart(of: range) { entry, part in
      let group = group(of: entry)
      if let last = parts.last, last.group == group {
        parts[parts.count - 1].range = last.range.lowerBound..<part.upperBound
      } else {
        parts.append((part, group))
      }
    }
    return parts.compactMap { range, group in
      group.map { (range, $0.learningRateScale, $0.missedUpdates) }
    }
  }
}

extension Optimizer {
  /// One update of the parameters in `range`, each as its group has it; see `apply` without groups.
  package func apply(
    _ range: Range<Int>, of layout: FlatLayout, groups: ParameterGroups,
    weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    moments: ShardedMoments, step: Int, learningRate: Double, gradientScale: Float
  ) {
    for part in groups.parts(of: range, layout) {
      let start = part.range.lowerBound - range.lowerBound
      apply(
        part.range, of: layout, weights: weights + start, gradient: gradient + start,
        moments: moments, step: step - part.missedUpdates,
        learningRate: learningRate * part.learningRateScale, gradientScale: gradientScale)
    }
  }
}
