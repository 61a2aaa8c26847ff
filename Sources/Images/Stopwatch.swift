/// How long each stage of making a sample takes, summed up over samples: one look at the clock a stage.
///
/// Only who measures makes one; a loader's threads do without.
package final class Stopwatch {
  /// In the order of the stages of a sample.
  package private(set) var stages: [(name: String, seconds: Double)] = []
  private var next = 0
  private var last = ContinuousClock.now

  package init() {}

  /// Begins another sample, of the same stages.
  package func start() {
    next = 0
    last = .now
  }

  /// The sample's next stage is done.
  package func lap(_ name: String) {
    let now = ContinuousClock.now
    if next == stages.count { stages.append((name, 0)) }
    stages[next].seconds += (now - last) / .seconds(1)
    next += 1
    last = now
  }
}
