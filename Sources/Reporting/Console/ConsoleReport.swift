import Files
package import Training

/// Tells a person how a training goes: a progress line, a line for each epoch, and after the third
/// step when it will end.
package final class ConsoleReport: TrainingObserver {
  private let console: Console
  private let now: () -> ContinuousClock.Instant
  private var lastProgress: ContinuousClock.Instant?
  private var start: StartReport?
  /// Seconds of the steps that this process has taken, but for the first, which warms up.
  private var secondsTimed = 0.0
  private var samplesTimed = 0
  private var validationSeconds = 0.0
  private var validations = 0

  /// - Parameter now: the clock that tells when a progress line is due.
  package init(console: Console, now: @escaping () -> ContinuousClock.Instant = { .now }) {
    self.console = console
    self.now = now
  }

  /// `trained   300 steps at 32.0 images/s`: over all ranks, and over this process's steps but the
  /// first; without a rate where there was no other.
  package func end(afterStep step: Int) -> String {
    "trained   \(NumberText.grouped(step)) step\(step == 1 ? "" : "s")"
      + (secondsTimed > 0 ? " at \(EpochText.rate(imagesPerSecond))" : "")
  }

  private var imagesPerSecond: Double {
    secondsTimed > 0 ? Double(samplesTimed) / secondsTimed : 0
  }

  package func observe(_ event: TrainingEvent) {
    switch event {
    case .started(let report): begin(report)
    case .step(let progress): tell(progress)
    case .epoch(let report): tell(report)
    case .passedOver(let step): console.line("skipped   \(EpochText.passedOver(step))", .warning)
    case .validatedStart(let scores): console.line(EpochText.start(scores))
    case .saving, .traced: break
    case .checkpoint(let path, _, let isBest):
      console.passingLine("saved \(path)\(isBest ? " (best so far)" : "")")
    }
  }

  private func begin(_ report: StartReport) {
    start = report
    tell(report.memory)
    if report.sizes.count > 1 { console.line("sizes     \(sizes(report))") }
    console.line(
      "steps     \(NumberText.grouped(report.stepsPerEpoch)) an epoch × \(report.epochs) epochs = "
        + "\(NumberText.grouped(report.totalSteps))"
        + (report.lastStep < report.totalSteps
          ? ", of which max-steps takes \(NumberText.grouped(report.lastStep))" : "")
        + "; up to \(report.microBatches) micro-batches a "
        + "step over \(report.ranks) rank\(report.ranks == 1 ? "" : "s")")
    if report.step > 0 { console.line("resumed   after step \(NumberText.grouped(report.step))") }
  }

  private func tell(_ memory: MemoryPlan) {
    let forecast = memory.forecast
    let limit = memory.limit ?? "what there is"
    let parts = forecast.parts.map { "\(ByteCount($0.bytes)) for \($0.name)" }
    console.line(
      "memory    \(ByteCount(forecast.total)) a rank, of \(limit): \(parts.joined(separator: ", "))"
    )
    if memory.mostRecomputed > 0 {
      console.line(
        "recompute \(memory.mostRecomputed) of the net's \(memory.blocks) blocks are run again in backward, "
          + "which spares their memory and takes time")
    }
  }

  /// `176 pixels, from epoch 31 on 224`
  private func sizes(_ report: StartReport) -> String {
    let phases = report.sizes.enumerated().map { index, phase in
      index == 0
        ? "\(phase.side) pixels"
        : "from epoch \(phase.firstEpoch + 1) on \(phase.side)"
          + (phase.firstEpoch < report.epochs ? "" : " (there are \(report.epochs))")
    }
    return phases.joined(separator: ", ")
  }

  private func tell(_ progress: StepProgress) {
    if progress.stepsHere > 1 {
      secondsTimed += progress.seconds
      samplesTimed += progress.samples
    }
    if progress.stepsHere == 3 { announceEnd(progress) }
    guard isDue else { return }
    lastProgress = now()
    let speed = secondsTimed > 0 ? ", \(EpochText.rate(imagesPerSecond))" : ""
    let left = remaining(after: progress).map { ", \(DurationText.of($0)) left" } ?? ""
    let line =
      "epoch \(progress.epoch + 1)/\(progress.epochs), step "
      + "\(NumberText.grouped(progress.step))/\(NumberText.grouped(start?.lastStep ?? progress.totalSteps)): "
      + "\(NumberText.loss(progress.loss)), lr "
      + NumberText.short(progress.learningRate) + speed + left
    if console.isTerminal { console.passingLine(line) } else { console.line(line) }
  }

  /// Ten times a second on a terminal, every ten seconds in a file.
  private var isDue: Bool {
    guard let lastProgress else { return true }
    return now() - lastProgress > (console.isTerminal ? .milliseconds(100) : Console.interval)
  }

  /// Seconds to the last step; validations count as soon as one has been timed.
  private func remaining(after progress: StepProgress) -> Double? {
    guard secondsTimed > 0, let start else { return nil }
    let epochs = Double(start.lastStep - progress.step) / Double(start.stepsPerEpoch)
    let validation = validations == 0 ? 0 : validationSeconds / Double(validations)
    return epochs * Double(start.trainingPhotos) / imagesPerSecond + validation
      * epochs.rounded(.up)
  }

  private func announceEnd(_ progress: StepProgress) {
    guard let seconds = remaining(after: progress), let start else { return }
    let amount =
      start.step > 0 || start.lastStep < start.totalSteps
      ? "\(NumberText.grouped(start.lastStep - start.step)) steps"
      : "\(NumberText.grouped(start.trainingPhotos)) photos × \(start.epochs) epochs"
    console.line(
      "expected  \(amount): about \(DurationText.of(seconds)), done \(DurationText.clock(after: seconds)); tensors take "
        + "\(ByteCount(progress.peakTensorBytes)) on rank 0")
  }

  private func tell(_ report: EpochReport) {
    validationSeconds += report.validationSeconds
    validations += 1
    console.line(EpochText.line(report))
    if let line = EpochText.waiting(report.waiting) { console.line(line) }
    for line in EpochText.decisions(report.decision) { console.line(line) }
    guard let scores = report.decidingScores else { return }
    let table = TextTable.aligned(ScoresTable.perClass(scores))
    for row in table.split(separator: "\n") { console.line("  \(row)") }
  }
}
