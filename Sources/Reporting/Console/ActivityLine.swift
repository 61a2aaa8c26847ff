import Files
import Glibc
import Synchronization
package import Timelines

/// Shows people who wait what goes on: on a terminal in a line that is written over and in the end taken away,
/// elsewhere in lines of their own.
package final class ActivityLine: ActivityWatcher {
  private struct State {
    /// Each within the one before.
    var underWay: [Activity] = []
    var lastShown: ContinuousClock.Instant?
    /// Since when one thing or another has gone on, with hardly a gap.
    var busySince: ContinuousClock.Instant?
    var lastEnd: ContinuousClock.Instant?
  }

  private static let gap = Duration.seconds(1)

  private let isTerminal: Bool
  private let patience: Duration
  private let now: @Sendable () -> ContinuousClock.Instant
  private let write: @Sendable (String) -> Void
  private let erase: @Sendable () -> Void
  private let state = Mutex(State())

  /// Standard error, so that standard output has results alone; but where that is a terminal, it. Of two streams, mpirun
  /// passes on what comes later first.
  ///
  /// - Parameter patience: until something that takes a while is shown, where no terminal is.
  package convenience init(patience: Duration = .seconds(2)) {
    let stream = TerminalText.isShown(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO
    let isTerminal = TerminalText.isShown(stream)
    self.init(
      isTerminal: isTerminal, patience: patience, now: { .now },
      erasing: { StandardStream.erasePassing() },
      writing: {
        if isTerminal {
          StandardStream.showPassing($0, on: stream)
        } else {
          StandardStream.write($0.harmless() + "\n", to: stream)
        }
      })
  }

  /// One whose lines go to `write`.
  package init(
    isTerminal: Bool, patience: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant,
    erasing erase: @escaping @Sendable () -> Void,
    writing write: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.patience = isTerminal ? .milliseconds(500) : patience
    self.now = now
    self.erase = erase
    self.write = write
  }

  package func began(_ activity: Activity) {
    state.withLock { state in
      let now = now()
      let goesOn = !state.underWay.isEmpty || state.lastEnd.map { now - $0 < Self.gap } == true
      if !goesOn { state.busySince = now }
      state.underWay.append(activity)
      if isTerminal { show(activity, &state) }
    }
  }

  package func advanced(_ activity: Activity) {
    state.withLock { state in
      guard state.underWay.last === activity else { return }
      let now = now()
      let interval = isTerminal ? .milliseconds(100) : Console.interval
      if now - (state.busySince ?? now) < patience { return }
      if let last = state.lastShown, now - last < interval { return }
      show(activity, &state)
    }
  }

  package func ended(_ activity: Activity) {
    state.withLock { state in
      state.underWay.removeAll { $0 === activity }
      state.lastEnd = now()
      guard isTerminal, state.lastShown != nil else { return }
      if let outer = state.underWay.last { show(outer, &state) } else { erase() }
    }
  }

  private func show(_ activity: Activity, _ state: inout State) {
    let now = now()
    state.lastShown = now
    write(Self.text(of: activity, after: (now - activity.start) / .seconds(1)))
  }

  /// `evaluating: 1,240/3,409 photos, 61.2 photos/s, 36 s left`
  static func text(of activity: Activity, after seconds: Double) -> String {
    let done = activity.done
    var parts = activity.note.isEmpty ? [] : [activity.note]
    if let count = activity.count {
      parts.insert(
        "\(NumberText.grouped(done))/\(NumberText.grouped(count)) \(activity.unit)", at: 0)
      if done > 0, seconds > 0 {
        let speed = Double(done) / seconds
        if speed >= 1 { parts.append("\(NumberText.fixed(speed, 1)) \(activity.unit)/s") }
        parts.append("\(DurationText.of(Double(count - done) / speed)) left")
      }
    } else if seconds >= 1 {
      parts.append("for \(DurationText.of(seconds))")
    }
    return "\(activity.name): " + (parts.isEmpty ? "…" : parts.joined(separator: ", "))
  }
}
