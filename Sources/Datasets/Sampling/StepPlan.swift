import Tensors

/// The atoms of a list: ⌈n/m⌉ neighbouring ranges whose lengths differ by at most one.
///
/// Range i is ⌊i·n/M⌋ ..< ⌊(i+1)·n/M⌋ of the list. It is a function of n and m alone: results
/// depend on these borders in their last bits, never on ranks or threads. Evaluation cuts its
/// list in the same way.
package func microBatches(of list: Range<Int>, size: Int) -> [Range<Int>] {
  precondition(size > 0, "a micro-batch of \(size)")
  let count = (list.count + size - 1) / size
  return (0..<count).map { index in
    let start = list.lowerBound + index * list.count / count
    let end = list.lowerBound + (index + 1) * list.count / count
    return start..<end
  }
}

/// The steps of an epoch over a list of samples: every rank derives the same.
///
/// Each step takes `globalBatch` samples; the rest is a smaller step of its own. A rest that is
/// shorter than max(2, microBatch/2) joins the step before, if there is one: BatchNorm can do
/// nothing with one sample, and little with few.
package struct StepPlan: Equatable, Sendable {
  package let microBatch: Int
  /// Ranges of the epoch's list that follow one another and cover it.
  package let steps: [Range<Int>]

  package init(samples: Int, globalBatch: Int, microBatch: Int) {
    precondition(samples >= 0 && globalBatch > 0 && microBatch > 0, "sizes must be positive")
    self.microBatch = microBatch
    let rest = samples % globalBatch
    let whole = samples / globalBatch
    let joins = whole > 0 && rest > 0 && (rest < 2 || 2 * rest < microBatch)
    let count = whole + (rest > 0 && !joins ? 1 : 0)
    steps = (0..<count).map { step in
      (step * globalBatch)..<(step + 1 == count ? samples : (step + 1) * globalBatch)
    }
  }

  package var stepsPerEpoch: Int { steps.count }

  /// The most micro-batches in a step: no more ranks than these have work.
  package var mostMicroBatches: Int {
    steps.map { ($0.count + microBatch - 1) / microBatch }.max() ?? 0
  }

  /// The micro-batches of one step, in the order in which their gradients are summed.
  package func microBatches(of step: Range<Int>) -> [Range<Int>] {
    Datasets.microBatches(of: step, size: microBatch)
  }
}

/// The training samples in the order of an epoch: the same at any number of ranks.
package func epochOrder(of samples: [Int], seed: UInt64, epoch: Int) -> [Int] {
  Philox(seed: seed, stream: .shuffle, epoch: epoch).permutation(samples.count).map { samples[$0] }
}
