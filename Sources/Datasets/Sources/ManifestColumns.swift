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
    let told = "the columns are \(names.joined(separator: ", "))"
    if names.count == 1, let other = [";", "\t"].first(where: { names[0].contains($0) }) {
      throw fail(
        "columns are separated by \(other == ";" ? "semicolons" : "tabs"), not by commas; save the "
          + "file as CSV with commas")
    }
    for (place, name) in names.enumerated() {
      if names[..<place].contains(name) { throw fail("two columns are called `\(name)`") }
      let isMeant = Self.known.contains(name) || name == groupBy
      if !isMeant, let near = nearestName(to: name, among: Self.known), !names.contains(near) {
        throw fail("unknown column `\(name)`; did you mean `\(near)`?")
      }
    }
    guard let path = names.firstIndex(of: "path"), let label = names.firstIndex(of: "label") else {
      throw fail("\(told), but path and label are needed; name them in the first line")
    }
    if let groupBy, !names.contains(groupBy) {
      let guess = nearestName(to: groupBy, among: names).map { "; did you mean `\($0)`?" }
      throw fail("there is no column `\(groupBy)` to group by; \(told)\(guess ?? "")")
    }
    self.path = path
    self.label = label
    split = names.firstIndex(of: "split")
    group = names.firstIndex(of: groupBy ?? "group")
    fold = names.firstIndex(of: "fold")
    count = names.count
  }
}
