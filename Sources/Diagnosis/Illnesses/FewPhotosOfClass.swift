import Recipes
import Evaluation
package import Runs

/// Classes with far fewer photos to train on than the others.
package struct FewPhotosOfClass: Illness {
  package static let name = "few-photos-of-class"

  /// Those with the fewest first.
  package let classes: [MetricsRecord.PhotosOfClass]
  /// The median over all classes.
  package let usual: Int
  package let severity: Severity
  package let changes: [Change]

  /// The few-shot classes of Liu et al., "Large-scale long-tailed recognition in an open world",
  /// [arXiv:1904.05160](https://arxiv.org/abs/1904.05160).
  private static let few = 20
  /// Where all classes are small, none is neglected.
  private static let timesFewer = 4
  /// Classes that are recognised all the same are no great harm: as many photos must say so.
  private static let (enough, good) = (10, 0.8)

  package init?(_ training: RunRecord.Training) {
    guard let all = training.metrics.starts.last?.classes, all.count > 1 else { return nil }
    let usual = all.map(\.photos).sorted()[all.count / 2]
    let found = all.filter {
      $0.photos < Self.few && Self.timesFewer * $0.photos <= usual
    }.sorted { ($0.photos, $0.name) < ($1.photos, $1.name) }
    guard !found.isEmpty else { return nil }
    let scores = training.scores?.perClass ?? []
    let areKnown = found.allSatisfy { one in
      scores.first { $0.name == one.name }.map {
        $0.support >= Self.enough && $0.f1 >= Self.good
      } ?? false
    }
    severity = areKnown ? .minor : .serious
    classes = found
    self.usual = usual
    let names = found.prefix(3).map(\.name).joined(separator: ", ")
    changes =
      [.advice("collect photos of \(names)")]
      + (training.recipe.correctsClasses ? [] : [.set("data.sampling=square-root")])
  }

  private enum CodingKeys: CodingKey { case classes, usual }
}
