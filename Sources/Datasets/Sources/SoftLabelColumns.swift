import Files

/// The columns `p_<class>` of a manifest: votes of annotators or probabilities, of which a photo's soft label
/// is made.
struct SoftLabelColumns {
  /// In the order of labels, which is that of their bytes.
  let classes: [String]
  /// Of each class.
  let places: [Int]
  /// Whether each class has a share by itself, and they don't sum to one.
  private let areApart: Bool

  private static let prefix = "p_"

  static func isOne(_ name: String) -> Bool { name.startsExactly(with: prefix) }

  /// The column of votes that a name was probably meant for, which differs in case or spaces.
  static func meant(by name: String) -> String? {
    let inner = name.unicodeScalars.drop { $0 == " " }
    let plain = String(String.UnicodeScalarView(inner.reversed().drop { $0 == " " }.reversed()))
    guard !isOne(name) || !plain.isExactly(name), plain.lowercased().startsExactly(with: prefix)
    else { return nil }
    return prefix + String(plain.unicodeScalars.dropFirst(2))
  }

  /// Nil where there are none.
  ///
  /// - Parameters:
  ///   - groupBy: a column that is the groups', whatever it is called.
  ///   - severalLabels: whether a photo may have several labels, or none.
  init?(
    _ header: CSV.Record, of file: String, groupBy: String?, severalLabels: Bool
  ) throws(ManifestError) {
    func fail(_ problem: String) -> ManifestError {
      ManifestError(file, line: header.line, problem)
    }
    let columns = header.fields.enumerated()
      .filter { Self.isOne($0.element) && !(groupBy?.isExactly($0.element) ?? false) }
      .map { (class: ExactText(String($0.element.unicodeScalars.dropFirst(2))), place: $0.offset) }
      .sorted { $0.class < $1.class }
    if columns.isEmpty { return nil }
    if header.fields.contains("predicted") {
      throw fail(
        "the p_ columns look like a model's predictions, since there is a column predicted; remove "
          + "that one to take them as soft labels, or the p_ columns to take the labels alone")
    }
    classes = columns.map(\.class.text)
    places = columns.map(\.place)
    areApart = severalLabels
    if severalLabels, let name = classes.first(where: { $0.utf8.contains(UInt8(ascii: "|")) }) {
      throw fail(
        "`p_\(name)` names a class with `|` in it, which separates labels; call it otherwise")
    }
    if classes.contains("") { throw fail("the column `p_` names no class; call it p_<class>") }
    if classes.contains(where: { $0.utf8.contains(0) }) {
      throw fail("a zero byte in a column's name; write the file as plain text")
    }
    if let (first, second) = LookAlikes.first(among: classes) {
      throw fail(
        "the columns `p_\(first)` and `p_\(second)` look the same, but their spaces or accents are "
          + "written otherwise; there must be one")
    }
  }

  /// The shares of a line, nil where all its fields are empty.
  func softLabel(of record: CSV.Record, in file: String) throws(ManifestError) -> [Float]? {
    func fail(_ problem: String) -> ManifestError {
      ManifestError(file, line: record.line, problem)
    }
    let fields = places.map { record.fields[$0] }
    if fields.allSatisfy(\.isEmpty) { return nil }
    var votes: [Double] = []
    for (name, field) in zip(classes, fields) {
      if field.isEmpty {
        throw fail("p_\(name) is empty, and other p_ columns are not; write 0 for no votes")
      }
      guard let vote = ManifestRow.number(field) else {
        throw fail("`\(field)` in p_\(name) is no count of votes and no share; write 2, 0.5 or 0")
      }
      votes.append(vote)
    }
    if areApart {
      guard let place = votes.firstIndex(where: { $0 > 1 }) else { return votes.map { Float($0) } }
      throw fail(
        "`\(fields[place])` in p_\(classes[place]): with several labels a photo, each share is of its class "
          + "alone, from 0 to 1; divide votes by the number of annotators")
    }
    let sum = votes.reduce(0, +)
    guard sum > 0 else {
      throw fail("all p_ columns are 0; leave them empty for a photo without votes")
    }
    guard sum.isFinite else { throw fail("the p_ columns are too large to be added up") }
    // Float shares that were written sum to one but for the rounding of each, and are read with the same bits.
    if abs(sum - 1) <= Double(votes.count) * 0x1p-24, votes.allSatisfy({ $0 <= 1 }) {
      return fields.map { Float($0) ?? 0 }
    }
    return votes.map { Float($0 / sum) }
  }

  /// The class with the largest share, the first of equals; or where a photo may have several, all with half a
  /// share or more.
  func labels(of softLabel: [Float]) -> [String] {
    if areApart { return zip(classes, softLabel).filter { $0.1 >= 0.5 }.map(\.0) }
    var label = 0
    for (place, share) in softLabel.enumerated() where share > softLabel[label] { label = place }
    return [classes[label]]
  }

  /// What to say of a label that no column names.
  func complaint(about label: String) -> String? {
    if classes.contains(where: { $0.isExactly(label) }) { return nil }
    let guess = nearestName(to: label, among: classes).map {
      "is `p_\($0)` meant? Write both alike"
    }
    return "label `\(label)` has no column p_\(label); "
      + (guess ?? "add it, or call the p_ columns something else if they are no votes")
  }
}
