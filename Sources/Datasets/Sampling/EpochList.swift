import Glibc
import Tensors

/// Which photos an epoch trains on, in which order: one list for all ranks, which take their micro-batches
/// of it.
///
/// Each photo once; or drawn with replacement, as often as its class is to count (PyTorch's
/// `WeightedRandomSampler`). With repeats, each stands several times in a step and is augmented in
/// another way each time, and so an epoch of the same length has fewer photos: Hoffer et al., "Augment your batch:
/// improving generalization through instance repetition", 2020, and timm's `RepeatAugSampler`.
package struct EpochList: Sendable {
  /// How the list becomes steps and micro-batches.
  package let plan: StepPlan
  private let samples: [Int]
  private let seed: UInt64
  private let repeats: Int
  /// For each of the samples, what it and those before it count; nil where each stands once.
  private let sums: [Double]?

  /// - Parameters:
  ///   - samples: indices into the dataset's, as many as the plan has.
  ///   - factors: how often each is drawn, compared with the others; nil for each once.
  package init(
    of samples: [Int], _ plan: StepPlan, seed: UInt64, factors: [Double]? = nil, repeats: Int = 1
  ) {
    precondition(repeats > 0 && factors?.count ?? samples.count == samples.count)
    self.plan = plan
    self.samples = samples
    self.seed = seed
    self.repeats = repeats
    sums = factors.map { factors in
      factors.reduce(into: []) { sums, factor in sums.append((sums.last ?? 0) + factor) }
    }
  }

  /// The samples of an epoch, counted from 0.
  package func order(inEpoch epoch: Int) -> [Int] {
    let order =
      sums.map { drawn($0, inEpoch: epoch) } ?? epochOrder(of: samples, seed: seed, epoch: epoch)
    if repeats == 1 { return order }
    // As far apart as the step allows: in other micro-batches, if there are enough.
    var next = 0
    return plan.steps.flatMap { step in
      let count = different(in: step)
      defer { next += count }
      return (0..<step.count).map { order[next + $0 % count] }
    }
  }

  /// Of the places of a step, those that aren't a repeat.
  private func different(in step: Range<Int>) -> Int { (step.count + repeats - 1) / repeats }

  /// Place i draws with 53 of the random bits 0 and 1 of position i.
  private func drawn(_ sums: [Double], inEpoch epoch: Int) -> [Int] {
    let random = Philox(seed: seed, stream: .sampling, epoch: epoch)
    return samples.indices.map { place in
      let bits =
        UInt64(random.bits(position: place, index: 0)) << 32
        | UInt64(random.bits(position: place, index: 1))
      let target = Double(bits >> 11) * 0x1p-53 * sums[sums.count - 1]
      // The first whose sum is beyond it, so that one that counts nothing is never drawn.
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > target { high = middle } else { low = middle + 1 }
      }
      return samples[low]
    }
  }

  /// How many different samples an epoch has on average.
  package var expectedDistinct: Double {
    let draws = plan.steps.reduce(0) { $0 + different(in: $1) }
    guard let sums else { return Double(draws) }
    var last = 0.0
    return sums.reduce(0) { distinct, sum in
      let share = (sum - last) / sums[sums.count - 1]
      last = sum
      return distinct + 1 - pow(1 - share, Double(draws))
    }
  }
}

/// The training samples in the order of an epoch: the same at any number of ranks.
package func epochOrder(of samples: [Int], seed: UInt64, epoch: Int) -> [Int] {
  Philox(seed: seed, stream: .shuffle, epoch: epoch).permutation(samples.count).map { samples[$0] }
}
