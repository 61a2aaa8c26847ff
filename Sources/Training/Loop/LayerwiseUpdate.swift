import DataParallel
import Optimizers
import Tensors

/// An update by a rule that needs norms over whole parameters, of the slice that one rank has.
///
/// A block's sums are made in one piece and travel to all ranks, which add them in block order: the same bits
/// for any number of ranks and threads.
struct LayerwiseUpdate {
  let rule: any LayerwiseOptimizer
  let layout: FlatLayout
  let groups: ParameterGroups
  let weights: FlatStore
  let moments: ShardedMoments
  /// Counts the updates that were made, this one included.
  let number: Int
  let learningRate: Double
  let clipping: GradientClipping
  let summary: StepSummary
  let pool: ThreadPool

  /// Moves the moments of this rank's parameters.
  ///
  /// - Parameter blocks: those of its slice.
  /// - Returns: two sums for each of the blocks; zeros where it is frozen.
  func measure(_ sums: OwnedSums, blocks: Range<Int>) -> [Double] {
    let parts = parts(of: blocks)
    let scale = clipping.scale(norm: summary.gradientNorm, weight: summary.weight)
    var measured = [Double](repeating: 0, count: 2 * blocks.count)
    measured.withUnsafeMutableBufferPointer { measured in
      nonisolated(unsafe) let measured = measured
      pool.run(Partition(parts.count, least: 16)) { chunk in
        for part in parts[chunk] {
          let block = layout.blocks[part.block]
          let gradient = sums.values + (block.lowerBound - sums.range.lowerBound)
          clipping.clamp(gradient, count: block.count, weight: summary.weight)
          let found = rule.measure(
            block, of: part.entry, weights: weights.pointer + block.lowerBound,
            gradient: gradient, moments: moments, step: number - part.group.missedUpdates,
            gradientScale: scale)
          measured[2 * (part.block - blocks.lowerBound)] = found.weights
          measured[2 * (part.block - blocks.lowerBound) + 1] = found.steps
        }
      }
    }
    return measured
  }

  /// Moves the weights of this rank's parameters.
  ///
  /// - Parameters:
  ///   - blocks: those of its slice.
  ///   - measured: what all ranks' blocks gave, in block order.
  func move(blocks: Range<Int>, by measured: [Double]) {
    let parts = parts(of: blocks)
    var sums: [String: LayerSums] = [:]
    for part in parts where sums[part.entry.name] == nil {
      var sum = LayerSums()
      for block in part.entryBlocks {
        sum += LayerSums(weights: measured[2 * block], steps: measured[2 * block + 1])
      }
      sums[part.entry.name] = sum
    }
    let known = sums
    pool.run(Partition(parts.count, least: 16)) { chunk in
      for part in parts[chunk] {
        let block = layout.blocks[part.block]
        rule.move(
          block, of: part.entry, weights: weights.pointer + block.lowerBound, moments: moments,
          step: number - part.group.missedUpdates,
          learningRate: learningRate * part.group.learningRateScale,
          sums: known[part.entry.name] ?? LayerSums())
      }
    }
  }

  /// A block that isn't frozen.
  private struct Part {
    let block: Int
    let entry: FlatEntry
    let entryBlocks: Range<Int>
    let group: ParameterGroups.Group
  }

  private func parts(of blocks: Range<Int>) -> [Part] {
    layout.blocksByEntry.flatMap { entry, all -> [Part] in
      guard let group = groups.group(of: entry) else { return [] }
      return all.clamped(to: blocks).map {
        Part(block: $0, entry: entry, entryBlocks: all, group: group)
      }
    }
  }
}
