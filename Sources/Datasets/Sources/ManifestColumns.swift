import Files

/// Which column of a manifest holds what, by its first line.
struct ManifestColumns {
  let path: Int
  let label: Int
  let split: Int?
  let group: Int?
  let fold: Int?
  let count: Int

  private static let known = ["path", "label", "split", "group", "fold"]

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
      let isMeant = Self.known.contains(name) || name == groupBy
      if !isMeant, let near = nearestName(to: name, among: Self.known), column(near) == nil {
        throw fail("unknown column `\(name)`; did you mean `\(near)`?")
      }
    }
    guard let path = column("path"), let label = column("label") else {
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
    self.label = label
    split = column("split")
    group = column(groupBy ?? "group")
    fold = column("fold")
    count = names.count
  }

  /// Those that are read.
  var used: [Int] { [path, label] + [split, group, fold].compactMap(\.self) }
}
