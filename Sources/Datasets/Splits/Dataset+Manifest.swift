import Files

extension Dataset {
  /// The dataset as a manifest with these splits, ordered by path.
  ///
  /// - Parameters:
  ///   - folds: by sample; one without a fold gets an empty field. Nil: no such column.
  ///   - path: what the manifest will be called. Photos below its folder are named as seen from
  ///     there, others by their absolute paths.
  /// - Throws: `ManifestError` when images aren't files of their own, or the labels would be refused.
  package func manifest(
    _ splits: Splits, folds: [Int: Int]?, at path: String
  ) throws(ManifestError) -> String {
    var split: [Int: Split] = [:]
    for name in Split.allCases {
      for index in splits[name] { split[index] = name }
    }
    let home = Paths.resolved(Paths.folder(of: path))
    let hasGroups = hasGroups
    var rows: [[String]] = []
    for (index, sample) in samples.enumerated() {
      guard let file = file(of: index) else {
        throw ManifestError(sample.path, "not a file of its own, so no manifest can name it")
      }
      var row = [Self.path(file, from: home), classes[sample.label]]
      row.append(split[index]?.rawValue ?? "")
      if hasGroups { row.append(sample.group ?? "") }
      if let folds { row.append(folds[index].map(String.init) ?? "") }
      rows.append(row)
    }
    rows.sort { Paths.precedes($0[0], $1[0]) }
    let columns =
      ["path", "label", "split"] + (hasGroups ? ["group"] : []) + (folds == nil ? [] : ["fold"])
    let text = ([columns] + rows).map(CSV.line).joined()
    // What is written is what can be read: labels of folders may be those of typos in a manifest.
    _ = try Manifest.rows(of: Array(text.utf8), path, groupBy: nil)
    return text
  }

  /// The photo's folder is resolved and the photo itself is not: it may be a link into a store.
  private static func path(_ file: String, from home: String) -> String {
    let folder = Paths.resolved(Paths.folder(of: file))
    let absolute = "\(folder == "/" ? "" : folder)/\(Paths.name(of: file))"
    let prefix = home == "/" ? "/" : home + "/"
    guard absolute.startsExactly(with: prefix) else { return absolute }
    return String(Substring(absolute.utf8.dropFirst(prefix.utf8.count)))
  }
}
