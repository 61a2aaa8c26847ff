import Files

/// Why two tables can't be compared photo by photo.
package enum OtherPhotos: UnusableInput, Equatable, CustomStringConvertible {
  case classes([String], [String])
  /// The photos that one of the two alone has.
  case photos(firstAlone: [String], secondAlone: [String])
  /// A photo, what either says that it is, and how many such there are.
  case labels(String, String, String, count: Int)
  /// A photo that one table has twice.
  case twice(String)

  package var description: String {
    switch self {
    case .classes(let first, let second):
      "the classes differ: \(few(first)) in A, \(few(second)) in B; compare models of the same classes"
    case .photos(let first, let second):
      "A and B are about other photos: "
        + [("A", first), ("B", second)].filter { !$0.1.isEmpty }.map {
          "\($0.1.count) \($0.1.count == 1 ? "is" : "are") in \($0.0) alone, such as "
            + few($0.1, atMost: 3, counted: nil)
        }.joined(separator: ", ")
        + "; have both say what the same photos are: tutti evaluate --model A --data PHOTOS --csv a.csv, and the same of B"
    case .labels(let path, let first, let second, let count):
      "\(count) photo\(count == 1 ? " has another label" : "s have other labels") in A than in B: "
        + "\(path.harmless(atMost: 300)) is \(first.harmless(atMost: 80)) in A and \(second.harmless(atMost: 80)) in B; "
        + "have both say again what the photos are, by the same labels"
    case .twice(let path):
      "\(path.harmless(atMost: 300)) has two rows in one table; leave one row for each photo"
    }
  }
}
