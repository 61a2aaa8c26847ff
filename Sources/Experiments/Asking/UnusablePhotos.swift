import Files

/// What is said of photos that can't be used: a line for each, or one for many that have one reason.
enum UnusablePhotos {
  /// Photos with one reason that have lines of their own.
  private static let limit = 3

  /// - Parameter photos: each photo's path, and a sentence that begins with it.
  /// - Returns: lines in the order of the first photo that they are about.
  static func lines(_ photos: [(path: String, sentence: String)]) -> [String] {
    var reasons: [String] = []
    var groups: [String: [(path: String, sentence: String)]] = [:]
    for photo in photos {
      let reason = reason(of: photo)
      if groups[reason] == nil { reasons.append(reason) }
      groups[reason, default: []].append(photo)
    }
    return reasons.flatMap { reason in
      let group = groups[reason] ?? []
      guard group.count > limit else { return group.map(\.sentence) }
      let first = few(
        group.lazy.map { Paths.shellQuoted($0.path) }, atMost: limit, counted: nil)
      return ["\(group.count) photos (\(first)): \(reason)"]
    }
  }

  /// The sentence without the path, which may come again as a shell wants it.
  private static func reason(of photo: (path: String, sentence: String)) -> String {
    guard photo.sentence.startsExactly(with: "\(photo.path): ") else { return photo.sentence }
    let rest = String(
      decoding: photo.sentence.utf8.dropFirst(photo.path.utf8.count + 2), as: UTF8.self)
    let quoted = Paths.shellQuoted(photo.path)
    return rest.endsExactly(with: " \(quoted)")
      ? rest.withoutEnd(bytes: quoted.utf8.count) + "FILE" : rest
  }
}
