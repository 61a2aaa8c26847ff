import Synchronization

/// Where this process stands in the run, for the line that is printed when something goes wrong.
package final class Situation: Sendable {
  /// In the world's order: by host, then as mpirun numbered them.
  package let rank: Int
  package let host: String

  private struct State {
    var step: Int?
    var call: StaticString?
  }

  private let state = Mutex(State())

  init(rank: Int, host: String) {
    self.rank = rank
    self.host = host
  }

  /// The training step under way; nil outside training.
  package var step: Int? {
    get { state.withLock { $0.step } }
    set { state.withLock { $0.step = newValue } }
  }

  /// The MPI call being waited for; nil while computing.
  var call: StaticString? {
    get { state.withLock { $0.call } }
    set { state.withLock { $0.call = newValue } }
  }

  /// `rank 2 on host node7, step 12`, for the start of a line.
  package var description: String {
    "rank \(rank) on host \(host)" + (step.map { ", step \($0)" } ?? "")
  }
}
