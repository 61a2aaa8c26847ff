import Recipes
import Tensors
package import Runs

/// A host whose memory is nearly used up: what is taken beyond it ends a rank without a word.
package struct MemoryNearLimit: Illness {
  package static let name = "memory-near-limit"

  /// Bytes of the largest rank.
  package let resident: Int
  /// Bytes that the host, or the ranks' control group, has.
  package let limit: Int
  /// Bytes of that which were left at the least.
  package let left: Int
  package let severity = Severity.serious
  package let changes: [Change]

  private static let leastShare = 0.1

  private static func share(_ part: Int, _ whole: Int) -> Double { Double(part) / Double(whole) }

  package init?(_ training: RunRecord.Training) {
    let found = training.metrics.epochs.compactMap { epoch in
      epoch.memoryLimit.flatMap { limit in
        epoch.memoryLeft.map { (resident: epoch.residentBytes ?? 0, limit: limit, left: $0) }
      }
    }.filter { $0.limit > 0 }.min { Self.share($0.left, $0.limit) < Self.share($1.left, $1.limit) }
    guard let found, Self.share(found.left, found.limit) < Self.leastShare else { return nil }
    (resident, limit, left) = found
    let batch = training.recipe.training.microBatch
    changes =
      (training.recipe.training.recompute == .blocks ? [] : [.set("training.recompute=blocks")])
      + (batch > 1 ? [.set("training.micro-batch=\((batch + 1) / 2)")] : [])
      + (training.recipe.training.precision == .fp32 ? [.set("training.precision=bf16")] : [])
      + [.advice("start fewer ranks on the host, with more threads each")]
  }

  private enum CodingKeys: CodingKey { case resident, limit, left }
}
