import Checkpoints
import Files
import FoundationEssentials
import Recipes

/// The runs below a folder, in the order of their names.
package struct RunList: Sendable {
  package let runs: [RunSummary]

  /// Searches the folder, and those in it that are no runs themselves but may hold some, as that of
  /// a cross-validation does.
  ///
  /// - Throws: `RunError.noFolder`.
  package init(below folder: String) throws {
    guard let names = Self.folders(in: folder) else { throw RunError.noFolder(folder) }
    runs = names.flatMap { name in
      let inside = Self.search(RunFolder(path: "\(folder)/\(name)"), name: name, depth: 2)
      return inside.isEmpty
        ? [RunSummary(RunFolder(path: "\(folder)/\(name)"), name: name)] : inside
    }
  }

  /// The keys of which the runs have different values, in the recipe's order, with each run's value;
  /// nil for a run without a recipe.
  package var differences: [(key: String, values: [String?])] {
    var keys: [String] = []
    for recipe in runs.compactMap(\.recipe) {
      keys += recipe.settings.map(\.key).filter { !keys.contains($0) }
    }
    return keys.compactMap { key in
      let values = runs.map { $0.recipe?[key]?.value }
      let differ =
        Set(values.compactMap(\.self)).count > 1
        || zip(runs, values).contains { $0.recipe != nil && $1 == nil }
      return differ ? (key, values) : nil
    }
  }

  private static func search(_ folder: RunFolder, name: String, depth: Int) -> [RunSummary] {
    if folder.holdsRun, Paths.exists(folder.checkpoints.folder) {
      return [RunSummary(folder, name: name)]
    }
    let inside =
      depth == 0
      ? []
      : (folders(in: folder.path) ?? []).flatMap {
        search(RunFolder(path: "\(folder.path)/\($0)"), name: "\(name)/\($0)", depth: depth - 1)
      }
    return inside.isEmpty && folder.holdsRun ? [RunSummary(folder, name: name)] : inside
  }

  /// The folders in a folder, sorted, but for hidden ones; nil when it can't be listed.
  private static func folders(in path: String) -> [String]? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return nil }
    return names.sorted().filter { !$0.hasPrefix(".") && Paths.isFolder("\(path)/\($0)") }
  }
}
