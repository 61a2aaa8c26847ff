package import Evaluation
import Files
package import Recipes
import Runs

/// What an ablation cross-validates: a recipe, and the recipe without each of some parts, with each of some seeds.
package struct AblationPlan: Sendable {
  /// Names of parts, as `Recipe.without` takes them.
  package let drops: [String]
  package let seeds: [Int]

  package init(drops: [String], seeds: [Int]) {
    self.drops = drops
    self.seeds = seeds
  }

  /// Its members, the whole recipe first.
  ///
  /// - Parameter makeRecipe: makes the whole recipe.
  package func parts(_ makeRecipe: @escaping () throws -> Recipe) -> [CrossvalRequest.Part] {
    ([nil] + drops.map(Optional.some)).flatMap { drop in
      seeds.map { seed in
        CrossvalRequest.Part(name: Self.member(without: drop, seed: seed)) { _ in
          let whole = try makeRecipe()
          if whole.data.hasSeveralLabels {
            throw whole.error(
              at: "data.labels", "an ablation compares models of photos with one label each")
          }
          return try (drop.map(whole.without) ?? whole).with(["training.seed=\(seed)"])
        }
      }
    }
  }

  /// `all-seed-1`, `without-mixing-seed-1`: a folder's name.
  package static func member(without drop: String?, seed: Int) -> String {
    let what = drop.map { "without-\($0)" } ?? "all"
    let harmless = what.unicodeScalars.map { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains(scalar))
        ? Character(scalar) : "-"
    }
    return String(harmless) + "-seed-\(seed)"
  }

  /// What came of it.
  ///
  /// - Parameter results: of the plan's members, among which others may be.
  package func ablation(_ results: CrossvalResults) -> Ablation {
    let names = results.together?.members.map(\.name) ?? []
    func predictions(_ drop: String?) -> [Predictions] {
      seeds.compactMap { seed in
        names.firstIndex(of: Self.member(without: drop, seed: seed)).map {
          results.predictions[$0]
        }
      }
    }
    return Ablation(
      seeds: seeds, whole: predictions(nil), without: drops.map { ($0, predictions($0)) },
      groups: results.groups)
  }

  /// Writes `ablation.json` into the folder of the cross-validations. Throws `FileError`.
  package func write(_ ablation: Ablation, to folder: String) throws {
    try FileWriting.replace(CrossvalSet(path: folder).ablation, withJSON: ablation, indented: true)
  }
}
