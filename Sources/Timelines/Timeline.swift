import Glibc
import Synchronization

/// What the threads of this process do and when: slices of time, of each thread on a lane of its own.
///
/// Nothing is recorded before `start` and after `stop`.
package final class Timeline: Sendable {
  /// Looked at by all threads before each slice.
  final class Switch: Sendable {
    let isOn = Atomic(false)
  }

  /// The lane of the thread that makes it.
  package let main: Lane
  private let recording: Switch
  private let lanes: Mutex<[Lane]>

  package init() {
    recording = Switch()
    main = Lane("main", recording)
    lanes = Mutex([main])
  }

  /// Nanoseconds of this host's monotonic clock.
  package static var now: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  package var isRecording: Bool { recording.isOn.load(ordering: .relaxed) }

  /// Slices that begin from here on are recorded.
  package func start() { recording.isOn.store(true, ordering: .relaxed) }

  /// Slices that begin from here on aren't; those under way are, when they end.
  package func stop() { recording.isOn.store(false, ordering: .relaxed) }

  /// A lane for another thread.
  package func lane(_ name: String) -> Lane {
    let lane = Lane(name, recording)
    lanes.withLock { $0.append(lane) }
    return lane
  }

  /// Hands out what was recorded: the main thread's slices, then those of the others in the order in which
  /// their lanes were made. Of each thread in the order in which they began, outer ones before what is in them.
  package func take() -> [(thread: String, slices: [Slice])] {
    lanes.withLock { $0 }.map { ($0.name, $0.take()) }
  }
}
