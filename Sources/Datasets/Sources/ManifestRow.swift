import Files

/// One photo of a manifest.
struct ManifestRow {
  let line: Int
  /// Without `.` and doubled slashes.
  let path: String
  /// One, unless photos may have several, or none: then in the order of their bytes.
  let labels: [String]
  let split: Split?
  let group: String?
  let fold: Int?
  let weight: Float
  let softLabel: [Float]?

  init(
    _ record: CSV.Record, _ columns: ManifestColumns, of file: String
  ) throws(ManifestError) {
    let fields = record.fields
    func fail(_ problem: String) -> ManifestError {
      ManifestError(file, line: record.line, problem)
    }
    guard fields.count == columns.count else {
      throw fail(
        "\(fields.count) fields where the first line has \(columns.count) columns; a path or label "
          + "with a comma in it must be in double quotes")
    }
    func optional(_ column: Int?) -> String? {
      guard let column, !fields[column].isEmpty else { return nil }
      return fields[column]
    }
    for column in columns.used where fields[column].utf8.contains(0) {
      throw fail("a zero byte, which no path or name may have; write the file as plain text")
    }
    line = record.line
    guard let path = optional(columns.path) else { throw fail("no path") }
    self.path = Self.normalised(path)
    let softLabels = columns.softLabels
    let written = try optional(columns.label).map { text throws(ManifestError) in
      try Self.labels(text, columns, of: file, line: record.line)
    }
    for label in written ?? [] {
      if let complaint = softLabels?.complaint(about: label) { throw fail(complaint) }
    }
    softLabel = try softLabels?.softLabel(of: record, in: file)
    let voted = softLabel.flatMap { softLabels?.labels(of: $0) }
    guard let labels = written ?? voted ?? (columns.hasSeveralLabels ? [] : nil) else {
      throw ManifestError(
        file, line: record.line,
        "no label\(softLabels == nil ? "" : " and no votes") for \(path)",
        labelsRemedy:
          "where photos may have none, or several, set data.labels: several (--several-labels)")
    }
    self.labels = labels
    weight = try Self.weight(optional(columns.weight), or: fail)
    group = optional(columns.group)
    split = try optional(columns.split).map { name throws(ManifestError) in
      if let split = Split(called: name) { return split }
      let guess = nearestName(to: name, among: Split.allCases.map(\.rawValue))
      throw fail(
        "`\(name)` is no split; "
          + (guess.map { "did you mean `\($0)`?" } ?? "there are train, validation and test"))
    }
    fold = try optional(columns.fold).map { text throws(ManifestError) in
      guard let fold = Int(text), fold >= 0 else {
        throw fail("`\(text)` is no fold; folds are whole numbers from 0")
      }
      return fold
    }
  }

  /// A field of labels.
  private static func labels(
    _ text: String, _ columns: ManifestColumns, of file: String, line: Int
  ) throws(ManifestError) -> [String] {
    func fail(_ problem: String, labelsRemedy: String? = nil) -> ManifestError {
      ManifestError(file, line: line, problem, labelsRemedy: labelsRemedy)
    }
    let parts = text.pieces(at: "|", keepingEmpty: true)
    guard columns.hasSeveralLabels else {
      // A class that a column names is meant.
      guard parts.count > 1, columns.softLabels == nil else { return [text] }
      throw fail(
        "`\(text)` are several labels",
        labelsRemedy:
          "set data.labels: several (--several-labels) if photos have several, or else call the class something "
          + "without `|`")
    }
    let labels = parts.map { part in
      String(String.UnicodeScalarView(part.unicodeScalars.drop { $0 == " " }.reversed()))
        .unicodeScalars.drop { $0 == " " }.reversed()
    }.map { String(String.UnicodeScalarView($0)) }
    if labels.contains("") {
      throw fail("`\(text)` has an empty label; write a|b, and nothing where a photo has none")
    }
    let sorted = Set(labels.map(ExactText.init)).sorted().map(\.text)
    guard sorted.count == labels.count else { throw fail("`\(text)` has a label twice") }
    return sorted
  }

  /// What a photo counts: one where nothing is said.
  private static func weight(
    _ text: String?, or fail: (String) -> ManifestError
  ) throws(ManifestError) -> Float {
    guard let text else { return 1 }
    guard let weight = number(text), weight == 0 || (1e-6...1e6).contains(weight) else {
      throw fail(
        "`\(text)` is no weight; weights are 0 or numbers from 1e-6 to 1e6, such as 2 or 0.5, without spaces"
      )
    }
    return Float(weight)
  }

  /// A number from 0 in decimal digits, with a point.
  static func number(_ text: String) -> Double? {
    guard text.utf8.allSatisfy("0123456789.eE+-".utf8.contains), let number = Double(text),
      number.isFinite, number >= 0
    else { return nil }
    return number
  }

  private static func normalised(_ path: String) -> String {
    if isNormal(path) { return path }
    let parts = path.pieces(at: "/").filter { !$0.isExactly(".") }
    return (Paths.isAbsolute(path) ? "/" : "") + parts.joined(separator: "/")
  }

  /// Whether no part of the path is empty or begins with a dot, as in nearly all manifests.
  private static func isNormal(_ path: String) -> Bool {
    let (slash, dot, bytes) = (UInt8(ascii: "/"), UInt8(ascii: "."), path.utf8)
    return bytes.first != dot && bytes.last != slash
      && !zip(bytes, bytes.dropFirst()).contains { $0 == slash && ($1 == slash || $1 == dot) }
  }
}
