import Datasets
package import Evaluation
import Files
import Recipes

extension LabelledPhotos {
  /// What is said of photos in a table, or in the folder of a run, cross-validation, probe, ensemble or set of
  /// cross-validations: there with the groups that its recipe tells, where the photos' list still does.
  ///
  /// - Throws: `NoAnswers`, `RunError`, `CrossvalError`, `EnsembleError`, `RecipeError`, `TableError`, `FileError`.
  package init(at place: String) throws {
    guard Paths.isFolder(SavedModel.parse(place).path) else {
      try self.init(csvAt: place)
      return
    }
    if let several = try SeveralModels(at: place) {
      guard Paths.exists(several.table) else { throw NoAnswers.unfinished(place) }
      let photos = try LabelledPhotos(csvAt: several.table)
      let member = try? RunRecord(path: several.members[0])
      self = photos.groups == nil ? photos.with(groups: member?.groups(of: photos.paths)) : photos
      return
    }
    let record = try RunRecord(path: place)
    if record.recipe.data.hasSeveralLabels { throw NoAnswers.severalLabels(record.path) }
    guard let photos = record.predictionsWithGroups else {
      throw CrossvalFolder(path: record.path).exists
        ? NoAnswers.unfinished(record.path) : NoAnswers.noTable(record.path)
    }
    self = photos
  }
}

extension RunRecord {
  /// `predictions` with the groups that the recipe tells, where the table has none and the photos' list still does.
  package var predictionsWithGroups: LabelledPhotos? {
    predictions.map { $0.groups == nil ? $0.with(groups: groups(of: $0.paths)) : $0 }
  }

  /// Of the manifest or pack that the recipe names; a folder of photos has none.
  fileprivate func groups(of paths: [String]) -> [String?]? {
    let path = recipe.data.path
    guard Manifest.isOne(path) || Pack.isOne(path),
      let dataset = try? Dataset.open(path: path, groupBy: recipe.data.groupBy, demanding: [])
    else { return nil }
    let known = Dictionary(
      dataset.samples.map { (ExactText($0.path), $0.group) },
      uniquingKeysWith: { first, _ in first })
    return paths.map { known[ExactText($0)] ?? nil }
  }
}

/// Why a folder says nothing of photos one by one.
package enum NoAnswers: UnusableInput, Equatable, CustomStringConvertible {
  case severalLabels(String)
  case unfinished(String)
  case noTable(String)

  package var description: String {
    switch self {
    case .severalLabels(let path):
      "\(path): its photos have several labels each, and photos with one are compared"
    case .unfinished(let path):
      "\(path) has no predictions/oof.csv of all its photos; tutti crossval … --run \(path) --resume auto ends it"
    case .noTable(let path):
      "\(path) has no validation.csv of its best epoch's validation photos; this writes one: tutti evaluate --model "
        + "\(path) --split validation --csv \(path)/validation.csv"
    }
  }
}
