import Checkpoints
import Files
import FoundationEssentials
import Recipes

/// The runs below a folder, in the order of their names.
package struct RunList: Sendable {
  package let runs: [RunSummary]

  /// Searches the folder, and those in it that are no runs themselves but may hold some. A
  /// cross-validation comes before its folds. The folder may be a run or a cross-validation itself.
  ///
  /// - Throws: `RunError.noFolder`.
  package init(below folder: String) throws {
    guard let names = Self.folders(in: folder) else { throw RunError.noFolder(folder) }
    let name = Paths.name(of: Paths.resolved(folder))
    let own = Self.summaries(of: RunFolder(path: folder), name: name)
    if !own.isEmpty {
      runs = own
      return
    }
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
    var seen: Set<String> = []
    for recipe in runs.compactMap(\.recipe) {
      keys += recipe.settings.map(\.key).filter { seen.insert($0).inserted }
    }
    return keys.compactMap { key in
      let values = runs.map { $0.recipe?[key]?.value }
      let differ =
        Set(values.compactMap(\.self)).count > 1
        || zip(runs, values).contains { $0.recipe != nil && $1 == nil }
      return differ ? (key, values) : nil
    }
  }

  /// What the folder itself is: a run, a cross-validation and its folds, or several cross-validations, whose folds are
  /// many; nothing otherwise.
  private static func summaries(of folder: RunFolder, name: String) -> [RunSummary] {
    let set = CrossvalSet(path: folder.path)
    if set.exists, let members = try? set.names() {
      return members.flatMap { member in
        summaries(of: RunFolder(path: set.member(member).path), name: "\(name)/members/\(member)")
          .prefix(1)
      }
    }
    let crossval = CrossvalFolder(path: folder.path)
    if crossval.exists {
      let folds = "\(folder.path)/folds"
      // By number, of which there may be more than nine.
      let runs = (folders(in: folds) ?? [])
        .sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        .map { RunSummary(RunFolder(path: "\(folds)/\($0)"), name: "\(name)/folds/\($0)") }
      return [RunSummary(crossval, name: name, runs: runs)] + runs
    }
    guard folder.holdsRun, Paths.exists(folder.checkpoints.folder) else { return [] }
    return [RunSummary(folder, name: name)]
  }

  private static func search(_ folder: RunFolder, name: String, depth: Int) -> [RunSummary] {
    let own = summaries(of: folder, name: name)
    if !own.isEmpty { return own }
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
    return names.sorted(by: Paths.precedes)
      .filter { !$0.startsExactly(with: ".") && Paths.isFolder("\(path)/\($0)") }
  }
}
