package import Tensors

/// The flat gradient cut into one slice for each rank, on block borders, as evenly as those allow.
/// A rank adds up, updates and keeps the optimiser's state of its own slice.
package struct Slices: Sendable {
  package let layout: FlatLayout
  /// Elements of the gradient; the slices tile it. A small model leaves some ranks without any.
  package let ranges: [Range<Int>]
  /// Indices into `layout.blocks`.
  package let blocks: [Range<Int>]

  package init(_ layout: FlatLayout, ranks: Int) {
    self.layout = layout
    var borders = [0]
    for rank in 1..<(ranks + 1) {
      let target = layout.gradientCount * rank / ranks
      var border = borders[rank - 1]
      // The next block belongs to this slice if the larger part of it lies before the target.
      while border < layout.blocks.count, layout.blocks[border].middle < target || rank == ranks {
        border += 1
      }
      borders.append(border)
    }
    blocks = (0..<ranks).map { borders[$0]..<borders[$0 + 1] }
    ranges = blocks.map { blocks in
      func start(_ block: Int) -> Int {
        block < layout.blocks.count ? layout.blocks[block].lowerBound : layout.gradientCount
      }
      return start(blocks.lowerBound)..<start(blocks.upperBound)
    }
  }

  /// The indices of the blocks of parameters in a rank's slice.
  package func parameterBlocks(of rank: Int) -> Range<Int> {
    let count = layout.blocks[blocks[rank]].prefix {
      $0.lowerBound < layout.parameters.upperBound
    }.count
    return blocks[rank].lowerBound..<(blocks[rank].lowerBound + count)
  }

  /// The part of a rank's slice that holds weights: parameters and running statistics.
  package func weights(of rank: Int) -> Range<Int> {
    ranges[rank].clamped(to: 0..<layout.weightCount)
  }
}

extension Slices {
  /// Gradients of its own that a rank holds at once in a step with M leaves.
  package func gradientBuffers(leaves: Int, rank: Int) -> Int {
    let plan = ExchangePlan(leaves: leaves, ranks: ranges.count)
    return LeafSum.buffers(for: plan.intervals[rank], of: plan.tree)
  }

  /// Floats that others send it in such a step.
  package func incoming(leaves: Int, rank: Int) -> Int {
    let plan = ExchangePlan(leaves: leaves, ranks: ranges.count)
    return GradientExchange.incoming(plan, rank: rank) * ranges[rank].count
  }

  /// The rank that holds most of both in such a step.
  package func fullestRank(leaves: Int) -> Int {
    let plan = ExchangePlan(leaves: leaves, ranks: ranges.count)
    func floats(_ rank: Int) -> Int {
      LeafSum.buffers(for: plan.intervals[rank], of: plan.tree) * layout.gradientCount
        + GradientExchange.incoming(plan, rank: rank) * ranges[rank].count
    }
    let held = ranges.indices.map(floats)
    return held.indices.max { held[$0] < held[$1] } ?? 0
  }
}

extension Range<Int> {
  fileprivate var middle: Int { (lowerBound + upperBound) / 2 }
}
