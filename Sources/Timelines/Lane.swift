import Synchronization

/// One thread's part of a timeline. Slices are recorded by that thread alone, and so lie side by side or
/// one in the other.
package final class Lane: Sendable {
  private struct State {
    var slices: [Slice] = []
    var depth = 0
    /// When a slice last began or ended.
    var mark: Int64 = 0
  }

  package let name: String
  private let recording: Timeline.Switch
  /// Other threads want it only to take the slices out.
  private let state = Mutex(State())

  init(_ name: String, _ recording: Timeline.Switch) {
    self.name = name
    self.recording = recording
  }

  /// Runs `body` and records when. While nothing is recorded, name and details aren't made.
  package func slice<Result, Failure: Error>(
    _ name: @autoclosure () -> String, _ category: Slice.Category,
    _ details: @autoclosure () -> Slice.Details = [],
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard recording.isOn.load(ordering: .relaxed) else { return try body() }
    let (name, details) = (name(), details())
    let start = Timeline.now
    state.withLock {
      $0.depth += 1
      $0.mark = start
    }
    defer {
      let end = Timeline.now
      state.withLock {
        $0.depth -= 1
        $0.mark = end
        $0.slices.append(
          Slice(
            name: name, category: category, time: start..<end, depth: $0.depth, details: details))
      }
    }
    return try body()
  }

  /// Records what was done since a slice last began or ended.
  package func slice(
    sinceMark name: String, _ category: Slice.Category, _ details: Slice.Details
  ) {
    guard recording.isOn.load(ordering: .relaxed) else { return }
    let end = Timeline.now
    state.withLock {
      let start = $0.mark
      $0.mark = end
      $0.slices.append(
        Slice(name: name, category: category, time: start..<end, depth: $0.depth, details: details))
    }
  }

  func take() -> [Slice] {
    let slices = state.withLock { state in
      defer { state.slices = [] }
      return state.slices
    }
    // They come as they end. Where the clock doesn't tell two apart, the outer one began first.
    return slices.sorted { ($0.time.lowerBound, $0.depth) < ($1.time.lowerBound, $1.depth) }
  }
}

extension Lane? {
  /// The same where there may be no lane: then it runs `body` and no more.
  package func slice<Result, Failure: Error>(
    _ name: @autoclosure () -> String, _ category: Slice.Category,
    _ details: @autoclosure () -> Slice.Details = [],
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let lane = self else { return try body() }
    return try lane.slice(name(), category, details(), body)
  }
}
