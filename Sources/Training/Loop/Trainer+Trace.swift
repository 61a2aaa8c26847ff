import Checkpoints
import MPI
import Timelines

/// The steps that are traced.
extension Trainer {
  /// This thread's part of the trace; nil where the step isn't traced.
  var lane: Lane? { tracing?.lane }

  /// Begins to record where it is time.
  func startTrace() throws {
    guard let tracing, tracing.begins(at: state.step + 1) else { return }
    try tracing.start(over: communicator)
    _ = clock.resumeAfterPause()
  }

  /// Ends it where it is time, and tells observers.
  ///
  /// - Parameter isLast: that the training ends here.
  func finishTrace(isLast: Bool) throws {
    guard let tracing, tracing.ends(after: state.step, isLast: isLast) else { return }
    let trace = try tracing.finish(after: state.step, host: status.host, over: communicator)
    if let trace { try report(.traced(trace)) }
    _ = clock.resumeAfterPause()
  }
}
