import Datasets

/// What a small file says, read again when the file has become another.
struct FollowedFile<Value> {
  private var seen: FileIdentity?
  private(set) var value: Value?

  init() {}

  /// - Parameter read: gives nil, or throws, where the file doesn't say it, or not yet: it may be half-written by hand.
  mutating func look(at path: String, _ read: (String) throws -> Value?) {
    let found = FileIdentity(of: path)
    if found == seen { return }
    seen = found
    value = found == nil ? nil : try? read(path)
  }
}

extension FollowedFile: Sendable where Value: Sendable {}
