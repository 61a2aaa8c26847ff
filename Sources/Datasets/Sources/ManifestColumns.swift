import Files

/// Which column of a manifest holds what, by its first line.
struct ManifestColumns {
  let path: Int
  /// Nil where soft labels alone say what a photo is.
  let label: Int?
  let split: Int?
  let group: Int?
  let fold: Int?
  let weight: Int?
  let softLabels: SoftLabelColumns?
  let count: Int

  private static let known = ["path", "label", "split", "group", "fold", "weight"]
  /// A column that many lists of photos have, and that is no misspelt `weight`.
  private static let others: Set = ["height"]

  /// - Parameter groupBy: the column of groups, instead of `group`.
  init(_ header: CSV.Record, of file: String, groupBy: String?) throws(ManifestError) {
    let names = header.fields
    func fail(_ problem: String) -> ManifestError {
      ManifestError(file, line: header.line, problem)
    }
    // A table of numbers may have thousands.
    let told = "the columns are \(few(names, atMost: 20))"
    if names.count == 1,
      let other: Unicode.Scalar = [";", "\t"].first(where: names[0].unicodeScalars.contains)
    {
      throw fail(
        "columns are separated by \(other == ";" ? "semicolons" : "tabs"), not by commas; save the "
          + "file as CSV with commas")
    }
    var places: [ExactText: Int] = [:]
    for (place, name) in names.enumerated() {
      if places.updateValue(place, forKey: ExactText(name)) != nil {
        throw fail("two columns are called `\(name)`")
      }
    }
    func column(_ name: String) -> Int? { places[ExactText(name)] }
    for name in names {
      let isMeant =
        Self.known.contains(name) || Self.others.contains(name.lowercased()) || name == groupBy
        || SoftLabelColumns.isOne(name)
      if !isMeant, let near = nearestName(to: name, among: Self.known), column(near) == nil {
        throw fail("unknown column `\(name)`; did you mean `\(near)`?")
      }
    }
    softLabels = try SoftLabelColumns(header, of: file, groupBy: groupBy)
    guard let path = column("path"), softLabels != nil || column("label") != nil else {
      throw fail("\(told), but path and label are needed; name them in the first line")
    }
    if let groupBy, column(groupBy) == nil {
      let problem = "there is no column `\(groupBy)` to group by"
      // Swift takes both for the same.
      if names.contains(groupBy) {
        throw fail(
          "\(problem): the file's looks the same, but its accents are written otherwise (Unicode's NFC "
            + "and NFD); copy it from the first line")
      }
      let guess = nearestName(to: groupBy, among: names).map { "; did you mean `\($0)`?" }
      throw fail("\(problem); \(told)\(guess ?? "")")
    }
    self.path = path
    label = column("label")
    split = column("split")
    group = column(groupBy ?? "group")
    fold = column("fold")
    weight = groupBy == "weight" ? nil : column("weight")
    count = names.count
  }

  /// Those that are read as text.
  var used: [Int] { [path] + [label, split, group, fold].compactMap(\.self) }
}
