import Foundation
import Testing

@testable import Reporting
@testable import Training

@Suite struct ConsoleReportTests {
  let written = Written()
  let hand = Hand()

  @Test func `the first lines tell the memory and the steps`() {
    let report = report()
    report.observe(.started(.sample()))
    #expect(
      written.take() == """
        memory    1.5 GB a rank, of 8.0 GB (what is free): 134 MB for weights, gradients and optimizer, 1.2 GB for activations, 77 MB for photos loaded ahead, 90 MB for the program
        steps     10 an epoch × 2 epochs = 20; up to 4 micro-batches a step over 2 ranks

        """)
  }

  @Test func `a run that goes on, or ends early, says so`() {
    let report = report()
    report.observe(.started(.sample(step: 4, lastStep: 12, ranks: 1)))
    let lines = written.take().split(separator: "\n")
    #expect(
      lines.dropFirst() == [
        "steps     10 an epoch × 2 epochs = 20, of which max-steps takes 12; up to 4 micro-batches "
          + "a step over 1 rank",
        "resumed   after step 4",
      ])
  }

  @Test func `a step that is passed over is a line, with the learning rate where it is lowered`() {
    let report = report()
    report.observe(.passedOver(.sample()))
    report.observe(.passedOver(.sample(learningRateFactor: 0.25)))
    #expect(
      written.take() == """
        skipped   the loss is not finite in step 7
        skipped   the loss is not finite in step 7; the learning rate is 0.25 times the recipe's now

        """)
  }

  @Test func `sizes by epoch are told, with those that are never reached`() {
    let report = report()
    report.observe(
      .started(.sample(sizes: [(0, 128), (1, 160), (9, 224)])))
    #expect(
      written.take().split(separator: "\n")[1]
        == "sizes     128 pixels, from epoch 2 on 160, from epoch 10 on 224 (there are 2)")
  }

  @Test func `blocks that are run again are told`() {
    let report = report()
    report.observe(.started(.sample(recomputedBlocks: 3)))
    #expect(
      written.take().split(separator: "\n")[1]
        == "recompute 3 of the net's 16 blocks are run again in backward, which spares their memory and "
        + "takes time")
  }

  /// Of more than a twentieth of the time, and of more than a second.
  @Test func `ranks that wait for photos are told what helps`() {
    let report = report()
    func line(_ waiting: WaitingReport) -> String? {
      report.observe(.epoch(.sample(validation: nil, waiting: waiting)))
      return written.take().split(separator: "\n").first { $0.hasPrefix("waiting") }.map(
        String.init)
    }
    let rest =
      "keep photos on the disk smaller (a shorter side of 264 pixels is enough), or take steps out of "
      + "augment; tutti bench loader says which cost most"
    #expect(
      line(WaitingReport(seconds: 9, share: 0.123, loaderThreads: 2, threads: 2, side: 224))
        == "waiting   ranks waited for photos 12.3 % of the epoch: \(rest)")
    #expect(
      line(WaitingReport(seconds: 9, share: 0.123, loaderThreads: 1, threads: 4, side: 224))
        == "waiting   ranks waited for photos 12.3 % of the epoch: raise data.loader-threads (1 a rank) "
        + "to 4, \(rest)")
    #expect(
      line(WaitingReport(seconds: 9, share: 0.05, loaderThreads: 1, threads: 4, side: 224)) == nil)
    #expect(
      line(WaitingReport(seconds: 1, share: 0.5, loaderThreads: 1, threads: 4, side: 224)) == nil)
  }

  /// The first step warms up, so it tells no speed.
  @Test func `a file has a progress line every ten seconds`() {
    let report = report()
    report.observe(.started(.sample()))
    _ = written.take()
    report.observe(.step(.sample(step: 1, seconds: 100)))
    #expect(written.take() == "epoch 1/2, step 1/20: loss 0.5000, lr 4.8e-05\n")
    hand.advance(.seconds(10))
    report.observe(.step(.sample(step: 2)))
    #expect(written.take().isEmpty)
    hand.advance(.milliseconds(1))
    report.observe(.step(.sample(step: 12, loss: .nan)))
    #expect(
      written.take()
        == "epoch 2/2, step 12/20: loss nan, lr 4.8e-05, 32.0 images/s, 16 s left\n")
    hand.advance(.seconds(11))
    report.observe(.step(.sample(step: 13, loss: nil)))
    #expect(written.take().hasPrefix("epoch 2/2, step 13/20: no loss, lr 4.8e-05, "))
  }

  @Test func `a terminal has a passing line every tenth of a second`() {
    let report = report(isTerminal: true)
    report.observe(.step(.sample(step: 1)))
    #expect(written.take().contains("\u{1B}[?7lepoch 1/2, step 1/20: loss 0.5000"))
    hand.advance(.milliseconds(100))
    report.observe(.step(.sample(step: 2)))
    #expect(written.take().isEmpty)
    hand.advance(.milliseconds(1))
    report.observe(.step(.sample(step: 2)))
    #expect(written.take().contains("\u{1B}[?7lepoch 1/2, step 2/20"))
  }

  /// 17 steps of 2 s are left, and no validation has been timed.
  @Test func `after the third step the end is announced`() throws {
    let report = report()
    report.observe(.started(.sample()))
    report.observe(.step(.sample(step: 1, seconds: 100)))
    report.observe(.step(.sample(step: 2)))
    _ = written.take()
    report.observe(.step(.sample(step: 3)))
    let line = written.take()
    #expect(line.hasPrefix("expected  640 photos × 2 epochs: about 34 s, done "))
    #expect(line.hasSuffix("; tensors take 2.1 GB on rank 0\n"))
    #expect(report.end(afterStep: 3) == "trained   3 steps at 32.0 images/s")
  }

  @Test func `of the first step alone no rate is told`() {
    let report = report()
    #expect(report.end(afterStep: 1204) == "trained   1,204 steps")
    report.observe(.step(.sample(step: 1, seconds: 100)))
    #expect(report.end(afterStep: 1) == "trained   1 step")
  }

  @Test(arguments: [(4, 20, 16, 26), (0, 12, 12, 18), (4, 12, 8, 10)])
  func `of a part of a training the steps are announced`(
    step: Int, lastStep: Int, steps: Int, seconds: Int
  ) {
    let report = report()
    report.observe(.started(.sample(step: step, lastStep: lastStep)))
    for here in 1...3 { report.observe(.step(.sample(step: step + here, stepsHere: here))) }
    #expect(written.take().contains("expected  \(steps) steps: about \(seconds) s, done "))
  }

  /// A mean validation for each epoch that isn't over.
  @Test func `the time left has the validations in it`() {
    let report = report()
    report.observe(.started(.sample()))
    for step in 1...9 { report.observe(.step(.sample(step: step))) }
    report.observe(.epoch(.sample(validationSeconds: 10)))
    report.observe(.epoch(.sample(validationSeconds: 20)))
    hand.advance(.seconds(11))
    report.observe(.step(.sample(step: 9)))
    #expect(written.take().hasSuffix("32.0 images/s, 52 s left\n"))
  }

  @Test func `an epoch is its line and the scores of each class`() {
    let report = report()
    report.observe(.epoch(.sample()))
    #expect(
      written.take() == """
        \(EpochText.line(.sample()))
          class  precision  recall     F1  photos
          joy        1.000   0.500  0.667       2
          awe        0.667   1.000  0.800       2

        """)
    report.observe(.epoch(.sample(validation: nil)))
    #expect(written.take() == EpochText.line(.sample(validation: nil)) + "\n")
  }

  @Test(arguments: [(false, "saved runs/a"), (true, "saved runs/a (best so far)")])
  func `a checkpoint passes on a terminal`(isBest: Bool, text: String) {
    for isTerminal in [false, true] {
      let report = report(isTerminal: isTerminal)
      report.observe(.checkpoint(path: "runs/a", step: 10, isBest: isBest))
      #expect(written.take().contains("\u{1B}[?7l\(text)\u{1B}[?7h") == isTerminal)
    }
  }

  private func report(isTerminal: Bool = false) -> ConsoleReport {
    ConsoleReport(console: written.console(isTerminal: isTerminal), now: { [hand] in hand.now })
  }
}
