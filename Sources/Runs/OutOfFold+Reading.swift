package import Evaluation
import Files
import Recipes

extension OutOfFold {
  /// A cross-validation's predictions of all its photos.
  package struct Table: Equatable, Sendable {
    package let paths: [String]
    /// Of each photo.
    package let folds: [Int]
    /// The samples are the rows.
    package let predictions: Predictions
  }

  /// Reads `predictions/oof.csv`.
  ///
  /// - Throws: `EnsembleError`, `CrossvalError`, `FileError`, `RecipeError`.
  package static func read(_ folder: CrossvalFolder) throws -> Table {
    let file = folder.predictions
    guard Paths.exists(file) else { throw EnsembleError.unfinished(folder.path) }
    let damaged = CrossvalError.damaged(file, remedy: "remove it")
    let recipe = try folder.savedRecipe().map { try Recipe($0) }
    guard let records = try? CSV.records(of: InputFile(path: file).bytes(atMost: longest)),
      let names = records.first?.fields, names.count > 5,
      names.prefix(4).elementsEqual(["path", "label", "fold", "predicted"]),
      names[4...].allSatisfy({ $0.startsExactly(with: "p_") })
    else { throw damaged }
    let classes = names[4...].map { String(Substring($0.utf8.dropFirst(2))) }
    let known = Dictionary(
      zip(classes.map { ExactText($0) }, classes.indices), uniquingKeysWith: { first, _ in first })
    let isOfSeveral = recipe?.data.hasSeveralLabels == true
    var (paths, folds) = ([String](), [Int]())
    var predictions = Predictions(
      classes: classes, thresholds: isOfSeveral ? recipe?.evaluation.thresholds(of: classes) : nil)
    for record in records.dropFirst() {
      let fields = record.fields
      guard fields.count == names.count, let fold = Int(fields[2]) else { throw damaged }
      let texts = isOfSeveral ? fields[1].pieces(at: "|") : [fields[1]]
      let labels = texts.compactMap { known[ExactText($0)] }
      let probabilities = fields[4...].compactMap { Double($0) }
      guard labels.count == texts.count, probabilities.count == classes.count,
        probabilities.allSatisfy({ (0...1).contains($0) })
      else { throw damaged }
      predictions.append(sample: paths.count, labels: labels, probabilities: probabilities)
      paths.append(fields[0])
      folds.append(fold)
    }
    guard Set(folds).count > 1 else { throw damaged }
    return Table(paths: paths, folds: folds, predictions: predictions)
  }

  /// The text of predictions of photos by their paths, such as were read.
  package static func text(_ predictions: Predictions, paths: [String], folds: [Int]) -> String {
    var text = header(predictions.classes)
    for row in paths.indices { text += line(predictions, row, path: paths[row], fold: folds[row]) }
    return text
  }
}

extension CrossvalFolder {
  /// The cross-validations that a path means: itself, or the members of one over several recipes, in the order of
  /// their names. None where there is no such.
  package static func all(at path: String) throws -> [CrossvalFolder] {
    let folder = CrossvalFolder(path: Paths.withoutTrailingSlashes(path))
    if folder.exists { return [folder] }
    let members = "\(folder.path)/members"
    return try FileWriting.names(in: members).map { CrossvalFolder(path: "\(members)/\($0)") }
      .filter(\.exists)
  }
}
