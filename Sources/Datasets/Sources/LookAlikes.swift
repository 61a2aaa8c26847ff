import Files

/// Finds names that people can't tell apart, since they differ in spaces at their ends, in how many
/// spaces there are, or in Unicode's normal form alone: "é" may be one scalar, or an "e" and an accent.
struct LookAlikes {
  /// The first name of each look. Swift takes strings of two normal forms for the same.
  private var names: [String: String] = [:]

  /// Notes a name, and gives an earlier one that looks the same, if it has other bytes.
  mutating func note(_ name: String) -> String? {
    // By scalars: a space with an accent on it is a `Character` that calls itself white space.
    let look = name.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
      .map { String(Substring($0)) }.joined(separator: " ")
    guard let earlier = names[look] else {
      names[look] = name
      return nil
    }
    return earlier.isExactly(name) ? nil : earlier
  }

  /// The first two of these names that look the same.
  static func first(among names: [String]) -> (String, String)? {
    var looks = LookAlikes()
    for name in names {
      if let other = looks.note(name) { return (other, name) }
    }
    return nil
  }
}
