import Files

/// What is said of labelled photos, by their paths: the rows of `tutti evaluate --csv`, and of every table with
/// `path`, `label` and `p_<class>`, such as `oof.csv`.
package struct LabelledPhotos: Sendable {
  package let paths: [String]
  package let predictions: Predictions
  /// What each photo shares with others, such as a photographer; nil where no photo has any.
  package let groups: [String?]?
  /// The fold whose model was not trained on the photo, where the table tells.
  package let folds: [Int]?

  package init(
    _ predictions: Predictions, paths: [String], groups: [String?]? = nil, folds: [Int]? = nil
  ) {
    let count = predictions.labels.count
    precondition(
      paths.count == count && groups?.count ?? count == count && folds?.count ?? count == count)
    self.predictions = predictions
    self.paths = paths
    self.groups = groups.flatMap { $0.contains { $0 != nil } ? $0 : nil }
    self.folds = folds
  }

  /// The same with groups.
  package func with(groups: [String?]?) -> LabelledPhotos {
    LabelledPhotos(predictions, paths: paths, groups: groups, folds: folds)
  }

  /// Those of some rows, in their order.
  func selecting(_ rows: [Int]) -> LabelledPhotos {
    LabelledPhotos(
      predictions.selecting(rows), paths: rows.map { paths[$0] },
      groups: groups.map { groups in rows.map { groups[$0] } },
      folds: folds.map { folds in rows.map { folds[$0] } })
  }

  /// `path,label,predicted,loss,p_<class>…`, with as many digits as it takes to read back the same bits; with `group`
  /// behind the label, where photos have any.
  package var csv: String {
    let classes = predictions.classes
    let column = groups == nil ? [] : ["group"]
    var text = CSV.line(
      ["path", "label"] + column + ["predicted", "loss"] + classes.map { "p_\($0)" })
    for (row, path) in paths.enumerated() {
      text += CSV.line(
        [
          path, predictions.text(of: predictions.labels(of: row)),
        ] + (groups.map { [$0[row] ?? ""] } ?? []) + [
          predictions.text(of: predictions.predictedLabels(row)), "\(predictions.losses[row])",
        ] + predictions[row].map { "\($0)" })
    }
    return text
  }

  /// Rows of wrongly predicted photos, those with the largest loss first.
  package func mistakes(atMost count: Int) -> [Int] {
    let wrong = paths.indices.filter { !predictions.isRight($0) }
    return Array(
      wrong.sorted { (predictions.losses[$1], $0) < (predictions.losses[$0], $1) }.prefix(count))
  }

  /// Reads a table's rows, of photos with one label each.
  ///
  /// - Throws: `FileError`, `OverlongFile`, `TableError`.
  package init(csvAt path: String) throws {
    let bytes = try InputFile(path: path).bytes(atMost: Self.longest)
    let records: [CSV.Record]
    do {
      records = try CSV.records(of: bytes)
    } catch {
      throw TableError(path, line: error.line, error.text)
    }
    let names = records.first?.fields ?? []
    let columns = names.enumerated().filter { $0.element.startsExactly(with: "p_") }
    let classes = columns.map { String(Substring($0.element.utf8.dropFirst(2))) }
    guard let place = names.firstIndex(of: "path"), let label = names.firstIndex(of: "label"),
      classes.count > 1
    else {
      throw TableError(
        path, line: 1,
        "no columns path, label and p_<class>; it takes an oof.csv, or what "
          + "tutti evaluate --csv writes")
    }
    let known = Dictionary(
      zip(classes.map { ExactText($0) }, classes.indices), uniquingKeysWith: { first, _ in first })
    let (group, fold) = (names.firstIndex(of: "group"), names.firstIndex(of: "fold"))
    var (paths, predictions) = ([String](), Predictions(classes: classes))
    var (groups, folds) = ([String?](), [Int]())
    for record in records.dropFirst() {
      func fail(_ problem: String) -> TableError { TableError(path, line: record.line, problem) }
      guard record.fields.count == names.count else {
        throw fail("\(record.fields.count) fields where the first line has \(names.count)")
      }
      guard let number = known[ExactText(record.fields[label])] else {
        if record.fields[label].isEmpty || record.fields[label].utf8.contains(UInt8(ascii: "|")) {
          throw fail(
            "`\(record.fields[label])` is not one label, and this is about photos that have one each"
          )
        }
        throw fail("the label `\(record.fields[label])` has no column p_\(record.fields[label])")
      }
      let numbers = columns.compactMap { Double(record.fields[$0.offset]) }
      guard numbers.count == classes.count, numbers.allSatisfy({ (0...1).contains($0) }) else {
        throw fail("its probabilities must be numbers from 0 to 1")
      }
      let sum = numbers.reduce(0, +)
      guard abs(sum - 1) < 1e-3 else {
        throw fail(
          "its probabilities sum to \(sum) and not to 1: this is about photos that have one label each"
        )
      }
      paths.append(record.fields[place])
      if let group { groups.append(record.fields[group].isEmpty ? nil : record.fields[group]) }
      if let fold {
        guard let number = Int(record.fields[fold]) else { throw fail("its fold must be a number") }
        folds.append(number)
      }
      predictions.append(sample: paths.count - 1, labels: [number], probabilities: numbers)
    }
    guard !paths.isEmpty else { throw TableError(path, line: 1, "no photos") }
    self.init(
      predictions, paths: paths, groups: group == nil ? nil : groups,
      folds: fold == nil ? nil : folds)
  }

  /// Bytes of a table; a photo of eight classes has about 200.
  private static let longest = 1 << 32
}

/// Why a table of predictions can't be used.
package struct TableError: UnusableInput, Equatable, CustomStringConvertible {
  package let description: String

  init(_ path: String, line: Int, _ problem: String) {
    description = "\(path):\(line): \(problem)"
  }
}
