import Files

/// What has to hold between a manifest's lines. Where several are wrong, the one that is first in the
/// file is reported.
struct ManifestChecks {
  let path: String
  private let rows: [ManifestRow]
  /// Those that columns of soft labels name.
  private let classes: [String]

  init(path: String, rows: [ManifestRow], classes: [String]) {
    self.path = path
    self.classes = classes
    self.rows = rows.sorted { $0.line < $1.line }
  }

  /// - Parameter isForTraining: a model that was trained before knows which labels there are.
  func run(forTraining isForTraining: Bool) throws(ManifestError) {
    guard !rows.isEmpty else { throw ManifestError(path, "no photos below the first line") }
    try checkPaths()
    try checkLooks("label", \.labels)
    if isForTraining { try checkLabels() }
    try checkSplits()
    if isForTraining {
      try checkTrained()
      try checkClasses()
      try checkWeights()
      try checkFolds()
    }
    try checkGroups()
  }

  private func fail(_ row: ManifestRow, _ problem: String) -> ManifestError {
    ManifestError(path, line: row.line, problem)
  }

  private func checkPaths() throws(ManifestError) {
    var lines: [ExactText: Int] = [:]
    for row in rows {
      if let line = lines.updateValue(row.line, forKey: ExactText(row.path)) {
        throw fail(row, "\(row.path) is in line \(line) already; remove one of the two")
      }
    }
  }

  private func checkLabels() throws(ManifestError) {
    let labels = ManifestLabels(rows)
    if labels.classes == 0 { throw ManifestError(path, "no photo has a label") }
    if let only = labels.only {
      throw ManifestError(path, "only one label, \(only); a classifier needs at least two")
    }
    // A label that a column names is meant.
    if !classes.isEmpty { return }
    if labels.classes == rows.count, rows.count >= 100 {
      throw ManifestError(
        path,
        "\(rows.count) photos, and no two have the same label; is label the column of classes?")
    }
    let typos = labels.typos()
    let mistyped = rows.lazy.compactMap { row in
      row.labels.first { typos[ExactText($0)] != nil }.map { (row, $0) }
    }
    guard let (row, label) = mistyped.first, let meant = typos[ExactText(label)] else { return }
    let count = labels.count(label)
    throw fail(
      row,
      "label `\(label)` is that of \(count) photo\(count == 1 ? "" : "s"); did you mean `\(meant)`,"
        + " which \(labels.count(meant)) have? If not, tell them further apart")
  }

  /// Makes sure that what looks the same is the same.
  private func checkLooks(
    _ column: String, _ names: (ManifestRow) -> [String]
  ) throws(ManifestError) {
    var looks = LookAlikes()
    var lines: [ExactText: Int] = [:]
    for (row, name) in rows.flatMap({ row in names(row).map { (row, $0) } }) {
      if lines[ExactText(name)] != nil { continue }
      lines[ExactText(name)] = row.line
      if let other = looks.note(name) {
        throw fail(
          row,
          "\(column) `\(name)` looks like that of line \(lines[ExactText(other)] ?? 0), but its spaces or "
            + "accents are written otherwise (Unicode's NFC and NFD); write both alike")
      }
    }
  }

  /// Either all lines have a split or none.
  private func checkSplits() throws(ManifestError) {
    guard rows.contains(where: { $0.split != nil }) else { return }
    if let row = rows.first(where: { $0.split == nil }) {
      throw fail(row, "no split, where other lines have one; give all lines one, or none")
    }
  }

  /// Where there are splits, each class has to be trained on.
  private func checkTrained() throws(ManifestError) {
    guard rows.contains(where: { $0.split != nil }) else { return }
    let used = rows.filter { $0.split == .train }
    let trained = Set(used.lazy.flatMap(\.labels).map(ExactText.init))
    if used.isEmpty { throw ManifestError(path, "no line has the split train") }
    let untrained = rows.lazy.compactMap { row in
      row.labels.first { !trained.contains(ExactText($0)) }.map { (row, $0) }
    }
    if let (row, label) = untrained.first {
      let guess = nearestName(to: label, among: trained.sorted().map(\.text))
      throw fail(
        row,
        "label `\(label)` has no line with the split train"
          + (guess.map { "; did you mean `\($0)`?" } ?? "; add some, or remove its lines"))
    }
  }

  /// Each class that a column names has to be the label of some photo, with splits of one that is trained on.
  private func checkClasses() throws(ManifestError) {
    let labels = Set(rows.lazy.flatMap(\.labels).map(ExactText.init))
    guard let name = classes.first(where: { !labels.contains(ExactText($0)) }) else { return }
    throw ManifestError(
      path,
      "no photo has the label `\(name)`, which p_\(name) names; add some, or remove the column")
  }

  private func checkWeights() throws(ManifestError) {
    let trained = rows.filter { $0.split == nil || $0.split == .train }
    guard trained.allSatisfy({ $0.weight == 0 }) else { return }
    throw ManifestError(
      path, "all photos to train on have the weight 0; give some of them another")
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
    try checkLooks("group") { $0.group.map { [$0] } ?? [] }
    var first: [ExactText: ManifestRow] = [:]
    for row in rows {
      guard let group = row.group else { continue }
      guard let other = first[ExactText(group)] else {
        first[ExactText(group)] = row
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
