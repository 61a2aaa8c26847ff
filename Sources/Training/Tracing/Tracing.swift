import DataParallel
import MPI
import Timelines

/// Records some steps of a training on all ranks. Results don't depend on it, but ranks meet a little more often
/// in these steps (`ShardedStep`).
package final class Tracing {
  let timeline = Timeline()
  private let steps: ClosedRange<Int>
  /// The ranks' clocks when the first step began.
  private var clocks: [ClockOffset]?
  private var isOver = false

  /// - Parameter steps: by their numbers, from 1 on; the same on all ranks.
  package init(_ steps: ClosedRange<Int>) { self.steps = steps }

  /// Of the thread that takes the steps; nil while none is recorded.
  var lane: Lane? { timeline.isRecording ? timeline.main : nil }

  /// Whether one of the steps was taken.
  package var hasBegun: Bool { clocks != nil }

  /// Whether to `start` before this step.
  func begins(at step: Int) -> Bool { !hasBegun && steps.contains(step) }

  /// Compares the clocks and begins to record. Collective.
  func start(over communicator: Communicator) throws {
    clocks = try ClockOffset.measure(over: communicator) { Timeline.now }
    timeline.start()
  }

  /// Whether to `finish` behind this step.
  ///
  /// - Parameter isLast: that no other step is taken.
  func ends(after step: Int, isLast: Bool) -> Bool {
    hasBegun && !isOver && (isLast || step >= steps.upperBound)
  }

  /// Ends recording and brings all together; nil but on the first rank. Collective.
  ///
  /// - Parameter step: the last that was taken.
  func finish(
    after step: Int, host: String, over communicator: Communicator
  ) throws -> TrainingTrace? {
    timeline.stop()
    isOver = true
    let ends = try ClockOffset.measure(over: communicator) { Timeline.now }
    guard let clocks else { return nil }
    let alignments = zip(clocks, ends).map { ClockAlignment(from: $0, to: $1) }
    var events = TraceEvents(
      rank: communicator.rank, host: host, clock: alignments[communicator.rank],
      start: clocks[0].time)
    events.add(timeline.take())
    let hosts = try communicator.gather(Array(host.utf8))
    let all = try communicator.gather(events.bytes)
    guard let hosts, let all else { return nil }
    return TrainingTrace(
      steps: steps.lowerBound...min(step, steps.upperBound),
      ranks: zip(hosts, zip(alignments, all)).map { host, rest in
        RankTrace(
          host: String(decoding: host, as: UTF8.self), clockOffset: rest.0.last.offset,
          clockUncertainty: rest.0.uncertainty, events: rest.1)
      })
  }
}
