package import Evaluation

/// What parts of a recipe bring, as text for people.
package enum AblationTable {
  /// A row for each part, with a newline at the end: of each metric the gain by it, where it probably lies, and
  /// `not resolved` where that holds zero.
  ///
  ///     part        accuracy  95 %                            macro F1  95 %
  ///     mixing        +0.012  +0.004 … +0.020                   +0.010  +0.001 … +0.019
  ///     loss.focal    -0.002  -0.008 … +0.004, not resolved     …
  package static func text(_ ablation: Ablation) -> String {
    let metrics = Ablation.metrics
    let head = ["part"] + metrics.flatMap { [$0.title, "95 %"] }
    let rows = ablation.parts.map { part in
      [part.name]
        + metrics.flatMap { metric in
          part.gains[metric].map { gain in
            [
              DifferenceText.signed(gain.difference),
              "\(DifferenceText.signed(gain.interval.lower)) … \(DifferenceText.signed(gain.interval.upper))"
                + (gain.isReal ? "" : ", not resolved"),
            ]
          } ?? ["–", "–"]
        }
    }
    let seeds = ablation.seeds.count
    let drawn = ablation.groups.map { "\($0) groups of photos" } ?? "photos"
    return
      "what each part brings: \(NumberText.grouped(ablation.photos)) photos, each by models that were not "
      + "trained on it; \(seeds) seed\(seeds == 1 ? "" : "s"); intervals by drawing \(drawn)"
      + (seeds == 1 ? ", without the luck of the seed" : " and seeds") + "\n\n"
      + TextTable.aligned(
        [head] + rows, textColumns: Set([0] + metrics.indices.map { 2 * $0 + 2 }))
  }
}
