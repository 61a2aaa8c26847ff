import Synchronization

/// Work that somebody may have to wait for: what it is, how much of it there is, and how much is done. Whoever shows it
/// to people watches; where nobody does, it costs next to nothing.
package final class Activity: Sendable {
  /// `evaluating`
  package let name: String
  /// How much there is; nil where that isn't known.
  package let count: Int?
  /// `photos`
  package let unit: String
  package let start: ContinuousClock.Instant
  private let advanced = Atomic<Int>(0)
  private let text = Mutex("")

  private static let watcher = Mutex<(any ActivityWatcher)?>(nil)

  package init(
    _ name: String, of count: Int? = nil, _ unit: String = "",
    since start: ContinuousClock.Instant = .now
  ) {
    self.start = start
    self.name = name
    self.count = count
    self.unit = unit
  }

  /// From now on, activities are told to `watcher`.
  package static func watch(with watcher: (any ActivityWatcher)?) {
    self.watcher.withLock { $0 = watcher }
  }

  /// Does work that may take a while. Some of it may be an activity of its own, which is then what is shown.
  ///
  /// - Parameters:
  ///   - name: what is done: `evaluating`.
  ///   - count: how much there is of it; nil where that isn't known.
  ///   - unit: `photos`.
  package static func during<Result, Failure: Error>(
    _ name: String, of count: Int? = nil, _ unit: String = "",
    _ body: (Activity) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let activity = Activity(name, of: count, unit)
    let watcher = watcher.withLock(\.self)
    watcher?.began(activity)
    defer { watcher?.ended(activity) }
    return try body(activity)
  }

  /// So much more is done. May be called by any thread.
  package func advance(by count: Int = 1) {
    advanced.add(count, ordering: .relaxed)
    Self.watcher.withLock(\.self)?.advanced(self)
  }

  /// How much is done, and no more than there is.
  package var done: Int { min(advanced.load(ordering: .relaxed), count ?? .max) }

  /// What else is to be known just now: `lr 0.001`.
  package var note: String {
    get { text.withLock(\.self) }
    set { text.withLock { $0 = newValue } }
  }
}

/// Somebody who shows activities. Those of one thread end in the opposite order of their beginnings.
package protocol ActivityWatcher: Sendable {
  func began(_ activity: Activity)
  /// May be called by any thread.
  func advanced(_ activity: Activity)
  func ended(_ activity: Activity)
}
