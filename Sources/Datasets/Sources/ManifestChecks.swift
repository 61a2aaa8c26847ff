import Files

/// What has to hold between a manifest's lines. Where several are wrong, the one that is first in the
/// file is reported.
struct ManifestChecks {
  let path: String
  private let rows: [ManifestRow]

  init(path: String, rows: [ManifestRow]) {
    self.path = path
    self.rows = rows.sorted { $0.line < $1.line }
  }

  func run() throws(ManifestError) {
    guard !rows.isEmpty else { throw ManifestError(path, "no photos below the first line") }
    try checkPaths()
    try checkLabels()
    try checkSplits()
    try checkFolds()
    try checkGroups()
  }

  private func fail(_ row: ManifestRow, _ problem: String) -> ManifestError {
    ManifestError(path, line: row.line, problem)
  }

  private func checkPaths() throws(ManifestError) {
    var lines: [String: Int] = [:]
    for row in rows {
      if let line = lines.updateValue(row.line, forKey: row.path) {
        throw fail(row, "\(row.path) is in line \(line) already; remove one of the two")
      }
    }
  }

  /// A label is probably a typo when it differs from a more frequent one in case or spaces alone, or
  /// when it occurs once and is near to one that occurs at least ten times. Digits are never typos:
  /// "class 1" and "class 2" are two classes.
  private func checkLabels() throws(ManifestError) {
    var counts: [String: Int] = [:]
    for row in rows { counts[row.label, default: 0] += 1 }
    let names = counts.keys.sorted(by: Paths.precedes)
    if names.count == 1 {
      throw ManifestError(path, "only one label, \(names[0]); a classifier needs at least two")
    }
    func count(_ name: String) -> Int { counts[name] ?? 0 }
    for row in rows {
      let others = names.filter { $0 != row.label }
      let sameLetters = others.filter {
        Self.letters($0) == Self.letters(row.label) && count($0) >= count(row.label)
      }
      let frequent = others.filter {
        count(row.label) == 1 && count($0) >= 10
          && $0.filter(\.isNumber) == row.label.filter(\.isNumber)
      }
      guard let meant = sameLetters.first ?? nearestName(to: row.label, among: frequent) else {
        continue
      }
      throw fail(
        row,
        "label `\(row.label)` is that of \(count(row.label)) photo\(count(row.label) == 1 ? "" : "s")"
          + "; did you mean `\(meant)`, which \(count(meant)) have? If not, tell them further apart"
      )
    }
  }

  private static func letters(_ label: String) -> String {
    label.lowercased().filter { !$0.isWhitespace }
  }

  /// Either all lines have a split or none. A class has to be trained on.
  private func checkSplits() throws(ManifestError) {
    guard rows.contains(where: { $0.split != nil }) else { return }
    if let row = rows.first(where: { $0.split == nil }) {
      throw fail(row, "no split, where other lines have one; give all lines one, or none")
    }
    let trained = Set(rows.lazy.filter { $0.split == .train }.map(\.label))
    if trained.isEmpty { throw ManifestError(path, "no line has the split train") }
    if let row = rows.first(where: { !trained.contains($0.label) }) {
      let guess = nearestName(to: row.label, among: trained.sorted(by: Paths.precedes))
      throw fail(
        row,
        "label `\(row.label)` has no line with the split train"
          + (guess.map { "; did you mean `\($0)`?" } ?? "; add some, or remove its lines"))
    }
  }

  /// Folds are numbered without gaps, and only test photos may lack one.
  private func checkFolds() throws(ManifestError) {
    let folds = Set(rows.compactMap(\.fold))
    guard let last = folds.max() else { return }
    if last == 0 { throw ManifestError(path, "only fold 0; there must be at least two folds") }
    if let gap = (0..<last).first(where: { !folds.contains($0) }) {
      throw ManifestError(path, "no photo has fold \(gap), but some have fold \(last)")
    }
    if let row = rows.first(where: { $0.fold == nil && $0.split != .test }) {
      throw fail(row, "no fold, where other lines have one; only test photos need none")
    }
  }

  private func checkGroups() throws(ManifestError) {
    var first: [String: ManifestRow] = [:]
    for row in rows {
      guard let group = row.group else { continue }
      guard let other = first[group] else {
        first[group] = row
        continue
      }
      let remedy = "; a group must stay together (line \(other.line))"
      if row.split != other.split {
        throw fail(row, "group `\(group)` is in two splits\(remedy)")
      }
      if row.fold != other.fold { throw fail(row, "group `\(group)` is in two folds\(remedy)") }
    }
  }
}
