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
  /// Whether a photo may have several labels, or none.
  let hasSeveralLabels: Bool
  let count: Int

  private static let known = ["path", "label", "split", "group", "fold", "weight"]

  /// Whether a column has a meaning of its own.
  static func isKnown(_ name: String) -> Bool { known.contains { $0.isExactly(name) } }

  /// The column that a name was probably meant for. `height` and `right` are no misspelt `weight`, though they
  /// are near to it.
  private static func meant(by name: String) -> String? {
    guard let near = nearestName(to: name, among: known) else { return nil }
    let own = ["weights", "wieght", "weigth", "weigh", "weigt", "wight", "weihgt"]
    return near == "weight" && near != name.lowercased() && !own.contains(name.lowercased())
      ? nil : near
  }

  /// - Parameters:
  ///   - groupBy: the column of groups, instead of `group`.
  ///   - severalLabels: whether a photo may have several labels, or none.
  init(
    _ header: CSV.Record, of file: String, groupBy: String?, severalLabels: Bool
  ) throws(ManifestError) {
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
    // Spreadsheets leave empty columns behind.
    for (place, name) in names.enumerated() where !name.isEmpty {
      if places.updateValue(place, forKey: ExactText(name)) != nil {
        throw fail("two columns are called `\(name)`")
      }
    }
    func column(_ name: String) -> Int? { places[ExactText(name)] }
    if names[0].lowercased().hasPrefix("sep=") {
      throw fail("a spreadsheet's `\(names[0])`, and not the names of columns; remove this line")
    }
    for name in names where !name.isEmpty {
      let isMeant =
        Self.known.contains(name) || name == groupBy
        || SoftLabelColumns.isOne(name)
      if !isMeant, let near = Self.meant(by: name), column(near) == nil {
        throw fail("unknown column `\(name)`; did you mean `\(near)`?")
      }
      if name != groupBy, let near = SoftLabelColumns.meant(by: name) {
        throw fail(
          "unknown column `\(name)`; did you mean `\(near)`? If it has no votes, call it something else"
        )
      }
    }
    softLabels = try SoftLabelColumns(
      header, of: file, groupBy: groupBy, severalLabels: severalLabels)
    guard let path = column("path"), softLabels != nil || column("label") != nil else {
      throw fail(
        "\(told), but path and label are needed (or p_<class> for each class); name them in the first line"
      )
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
    hasSeveralLabels = severalLabels
    count = names.count
  }

  /// Those that are read as text.
  var used: [Int] { [path] + [label, split, group, fold].compactMap(\.self) }
}
