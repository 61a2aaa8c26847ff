import Files

/// A photo that is the same file as an earlier one, by its place among the photos and the other's.
package struct Twins: Codable, Equatable, Sendable {
  package let first: Int
  package let second: Int

  /// All, in the order of the second.
  static func among(_ files: [PhotoFile]) -> [Twins] {
    var places: [FileIdentity: Int] = [:]
    return files.enumerated().compactMap { place, file in
      guard let identity = file.identity else { return nil }
      guard let first = places[identity] else {
        places[identity] = place
        return nil
      }
      return Twins(first: first, second: place)
    }
  }
}

extension Sample {
  /// Whether two of one file do no harm but to count twice: nothing tells them apart.
  func mayBeTwin(of other: Sample) -> Bool {
    labels == other.labels && split == other.split && fold == other.fold && group == other.group
  }
}

extension Dataset {
  /// What is to be known of the list of photos, each with a word for its subject: photos that count more
  /// than once, and photos without a class.
  package var notes: [(subject: String, text: String)] {
    [twinsText.map { ("twins", $0) }, straysText.map { ("left out", $0) }].compactMap(\.self)
  }

  private var straysText: String? {
    strays.first.map { first in
      "\(strays.count) photo\(strays.count == 1 ? " lies" : "s lie") beside the class folders and so "
        + "\(strays.count == 1 ? "has" : "have") no class, such as \(Paths.shellQuoted(first))"
    }
  }

  private var twinsText: String? {
    guard let pair = twins.first else { return nil }
    let paths = [pair.first, pair.second].map(name)
    return "\(twins.count) photo\(twins.count == 1 ? " is" : "s are") there twice, such as "
      + "\(Paths.shellQuoted(paths[0])) and \(Paths.shellQuoted(paths[1])), which are one file; each counts twice"
  }

  /// The paths of the first two of one file that are in different parts; nil when there are none.
  func twinsApart(_ part: (Int) -> Int?) -> (String, String)? {
    for pair in twins {
      guard let first = part(pair.first), let second = part(pair.second), first != second else {
        continue
      }
      return (name(of: pair.first), name(of: pair.second))
    }
    return nil
  }
}
