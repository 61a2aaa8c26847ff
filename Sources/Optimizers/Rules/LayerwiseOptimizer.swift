package import Tensors

/// A rule whose step on a parameter is as long as norms over all of that parameter say, of which a rank may
/// have a part alone. So an update has two halves: each block of the flat store (`FlatLayout.blocks`, which
/// lie in one parameter each) gives sums of squares, and moves by those of all blocks of its parameter, in their
/// order, wherever these lie.
package protocol LayerwiseOptimizer: Optimizer {
  /// The first half: moves the moments of a block, and gives its sums.
  ///
  /// - Parameters:
  ///   - block: of the layout, a multiple of 16 elements; those behind the parameter's last are zeros.
  ///   - weights: the weight of the block's first element.
  ///   - gradient: that of the block's first element.
  ///   - step, gradientScale: see `Optimizer.apply`.
  func measure(
    _ block: Range<Int>, of entry: FlatEntry, weights: UnsafePointer<Float>,
    gradient: UnsafePointer<Float>, moments: ShardedMoments, step: Int, gradientScale: Float
  ) -> LayerSums

  /// The second half: moves the weights of a block by its moments.
  ///
  /// - Parameter sums: over all blocks of the parameter.
  func move(
    _ block: Range<Int>, of entry: FlatEntry, weights: UnsafeMutablePointer<Float>,
    moments: ShardedMoments, step: Int, learningRate: Double, sums: LayerSums)
}

/// Sums over elements of one parameter.
package struct LayerSums: Equatable, Sendable {
  /// Σ w²
  package var weights: Double
  /// Σ u², of the steps as they are before they get their length.
  package var steps: Double

  package init(weights: Double = 0, steps: Double = 0) {
    self.weights = weights
    self.steps = steps
  }

  package static func += (a: inout LayerSums, b: LayerSums) {
    a.weights += b.weights
    a.steps += b.steps
  }
}

extension LayerwiseOptimizer {
  /// Both halves at once, for a range of whole parameters.
  package func apply(
    _ range: Range<Int>, of layout: FlatLayout, weights: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, moments: ShardedMoments, step: Int, learningRate: Double,
    gradientScale: Float
  ) {
    for (entry, blocks) in layout.blocksByEntry
    where entry.kind != .statistic && entry.range.overlaps(range) {
      precondition(
        entry.range.clamped(to: range) == entry.range,
        "a part of \(entry.name) has no norms by itself")
      var sums = LayerSums()
      for block in layout.blocks[blocks] {
        let start = block.lowerBound - range.lowerBound
        sums += measure(
          block, of: entry, weights: weights + start, gradient: gradient + start, moments: moments,
          step: step, gradientScale: gradientScale)
      }
      for block in layout.blocks[blocks] {
        move(
          block, of: entry, weights: weights + (block.lowerBound - range.lowerBound),
          moments: moments, step: step, learningRate: learningRate, sums: sums)
      }
    }
  }
}
