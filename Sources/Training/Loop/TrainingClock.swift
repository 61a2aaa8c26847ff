/// Times a training: for reports, and for checkpoints by the clock. No result depends on it, but for
/// when rank 0 asks for a checkpoint.
struct TrainingClock {
  private let clock = ContinuousClock()
  private var stepStart: ContinuousClock.Instant
  private var lastCheckpoint: ContinuousClock.Instant
  private var epochSeconds = 0.0
  private var epochSamples = 0
  private var waitedSeconds = 0.0
  private var exchangeSeconds = 0.0
  private(set) var lastStepSeconds = 0.0
  private(set) var steps = 0

  init() {
    stepStart = clock.now
    lastCheckpoint = stepStart
  }

  /// The first step begins.
  mutating func start() {
    stepStart = clock.now
    lastCheckpoint = stepStart
  }

  /// A step has ended and the next one begins.
  ///
  /// - Parameter exchanging: seconds of it that this rank waited in MPI calls. Before the first step that isn't counted:
  ///   others begin when they have begun.
  mutating func count(samples: Int, exchanging: Double = 0) {
    lastStepSeconds = takeSeconds()
    if steps > 0 { exchangeSeconds += exchanging }
    epochSeconds += lastStepSeconds
    epochSamples += samples
    steps += 1
  }

  /// Times what this rank waits for. Before the first step that isn't counted: everybody waits then.
  mutating func waiting<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = clock.now
    defer { if steps > 0 { waitedSeconds += (clock.now - start) / .seconds(1) } }
    return try body()
  }

  /// Training samples a second since the last epoch's end, and seconds in steps, in waiting for photos and in MPI calls.
  mutating func endEpoch() -> (
    imagesPerSecond: Double, seconds: Double, waited: Double, exchanging: Double
  ) {
    defer { (epochSeconds, epochSamples, waitedSeconds, exchangeSeconds) = (0, 0, 0, 0) }
    return (
      epochSeconds > 0 ? Double(epochSamples) / epochSeconds : 0, epochSeconds, waitedSeconds,
      exchangeSeconds
    )
  }

  /// The length of a pause between steps, which no step is charged with.
  mutating func resumeAfterPause() -> Double { takeSeconds() }

  mutating func noteCheckpoint() {
    lastCheckpoint = clock.now
    _ = takeSeconds()
  }

  func isCheckpointDue(_ minutes: Int?) -> Bool {
    guard let minutes else { return false }
    return clock.now - lastCheckpoint >= .seconds(60 * minutes)
  }

  /// Seconds since the last step or pause ended.
  private mutating func takeSeconds() -> Double {
    let now = clock.now
    defer { stepStart = now }
    return (now - stepStart) / .seconds(1)
  }
}
