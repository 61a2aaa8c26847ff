/// The atoms of a list: ⌈n/m⌉ neighbouring ranges whose lengths differ by at most one.
///
/// Range i is ⌊i·n/M⌋ ..< ⌊(i+1)·n/M⌋ of the list. It is a function of n and m alone: results
/// depend on these borders in their last bits, never on ranks or threads. Evaluation cuts its
/// list in the same way.
///
/// - Parameter least: samples that each range has where there are so many: M is ⌊n/least⌋ at most, so
///   that with m = least some have one sample more than m.
package func microBatches(of list: Range<Int>, size: Int, least: Int = 1) -> [Range<Int>] {
  let count = microBatchCount(list.count, size: size, least: least)
  return (0..<count).map { index in
    let start = list.lowerBound + index * list.count / count
    let end = list.lowerBound + (index + 1) * list.count / count
    return start..<end
  }
}

private func microBatchCount(_ samples: Int, size: Int, least: Int) -> Int {
  precondition(0 < least && least <= size, "a micro-batch of \(size), with \(least) at least")
  return min((samples + size - 1) / size, max(1, samples / least))
}

/// The steps of an epoch over a list of samples: every rank derives the same.
///
/// Each step takes `globalBatch` samples; the rest is a smaller step of its own. A rest that is
/// shorter than max(2, microBatch/2) joins the step before, if there is one: BatchNorm can do
/// nothing with one sample, and little with few.
package struct StepPlan: Equatable, Sendable {
  package let globalBatch: Int
  package let microBatch: Int
  /// Samples that each micro-batch has: two where the net normalises one value of a sample by those
  /// of the others. One sample would be its own mean, and become nothing.
  package let leastMicroBatch: Int
  /// Ranges of the epoch's list that follow one another and cover it.
  package let steps: [Range<Int>]

  package init(samples: Int, globalBatch: Int, microBatch: Int, leastMicroBatch: Int = 1) {
    precondition(samples >= 0 && globalBatch > 0 && microBatch > 0, "sizes must be positive")
    self.globalBatch = globalBatch
    self.microBatch = microBatch
    self.leastMicroBatch = leastMicroBatch
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
  package var mostMicroBatches: Int { steps.map(microBatchCount(of:)).max() ?? 0 }

  /// Samples of a full step: the global batch, or fewer where there aren't as many.
  package var fullStep: Int { min(steps.map(\.count).max() ?? 0, globalBatch) }

  /// Micro-batches of a full step: the most ranks that always have work.
  package var fullStepMicroBatches: Int { microBatchCount(of: 0..<fullStep) }

  /// The micro-batches of one step, in the order in which their gradients are summed.
  package func microBatches(of step: Range<Int>) -> [Range<Int>] {
    Datasets.microBatches(of: step, size: microBatch, least: leastMicroBatch)
  }

  /// Whether a micro-batch of some step has one sample.
  package var hasSingleSamples: Bool {
    steps.contains { step in step.count < 2 * microBatchCount(of: step) }
  }

  private func microBatchCount(of step: Range<Int>) -> Int {
    Datasets.microBatchCount(step.count, size: microBatch, least: leastMicroBatch)
  }
}
