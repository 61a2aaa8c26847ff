import Synchronization

/// Where this process stands in the run, for the line that is printed when something goes wrong.
package final class RankStatus: Sendable {
  /// In the world's order: by host, then as mpirun numbered them.
  package let rank: Int
  package let host: String

  /// A wait for other ranks.
  struct Wait: Equatable, Sendable {
    /// Tells it from other waits in the same call.
    let number: Int
    let call: String
    /// Whether it may last as long as it likes.
    let isPatient: Bool
  }

  private struct State {
    var part: String?
    var step: Int?
    var memoryLimit: MemoryNote?
    var wait: Wait?
    var waits = 0
    var isPatient = false
    var waited = Swift.Duration.zero
  }

  private let state = Mutex(State())

  init(rank: Int, host: String) {
    self.rank = rank
    self.host = host
  }

  /// What of the run is under way where ranks do different things, such as `fold 3`.
  package var part: String? {
    get { state.withLock { $0.part } }
    set { state.withLock { $0.part = newValue } }
  }

  /// The training step under way; nil outside training.
  package var step: Int? {
    get { state.withLock { $0.step } }
    set { state.withLock { $0.step = newValue } }
  }

  /// What a rank may take of memory, and why no more.
  package struct MemoryNote: Sendable {
    package let bytes: Int
    package let text: String

    package init(bytes: Int, text: String) {
      self.bytes = bytes
      self.text = text
    }
  }

  /// Nil as long as it isn't known.
  package var memoryLimit: MemoryNote? {
    get { state.withLock { $0.memoryLimit } }
    set { state.withLock { $0.memoryLimit = newValue } }
  }

  /// Runs `body` without a limit to the time that its MPI calls wait, for what other ranks may
  /// rightly take hours to come to.
  package func withoutDeadline<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = state.withLock { state in
      defer { state.isPatient = true }
      return state.isPatient
    }
    defer { state.withLock { $0.isPatient = before } }
    return try body()
  }

  /// Runs `body`, which asks again and again whether others have come so far, without a limit to
  /// the time.
  package func waitingPatiently<Result, Failure: Error>(
    for what: StaticString, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withoutDeadline { () throws(Failure) in try waiting(in: what, body) }
  }

  /// How long this process has waited in MPI calls, but for what may last as long as it likes.
  package var secondsWaited: Double { state.withLock { $0.waited } / .seconds(1) }

  /// What is being waited for; nil while computing.
  var wait: Wait? { state.withLock { $0.wait } }

  /// Runs `body`, which waits for other ranks in an MPI call.
  func waiting<Result, Failure: Error>(
    in call: StaticString, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = state.withLock { state in
      defer {
        state.waits += 1
        state.wait = Wait(number: state.waits, call: call.description, isPatient: state.isPatient)
      }
      return state.wait
    }
    let start = ContinuousClock.now
    defer {
      state.withLock { state in
        if before == nil, state.wait?.isPatient == false {
          state.waited += ContinuousClock.now - start
        }
        state.wait = before
      }
    }
    return try body()
  }

  /// `rank 2 on host node7, fold 3, step 12`, for the start of a line.
  package var description: String {
    "rank \(rank) on host \(host)" + (part.map { ", \($0)" } ?? "")
      + (step.map { ", step \($0)" } ?? "")
  }
}
