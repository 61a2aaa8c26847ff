import Evaluation
import Testing

@testable import Reporting
@testable import Training

@Suite struct FoldReportTests {
  let written = Written()
  let hand = Hand()
  let report: FoldReport

  init() {
    report = FoldReport(fold: "fold 3", console: written.console(), now: { [hand] in hand.now })
  }

  @Test func `a fold says with how many photos it begins, or where it goes on`() {
    report.observe(.started(.sample()))
    #expect(written.take() == "fold 3    640 photos to train on\n")
    report.observe(.started(.sample(step: 1234)))
    #expect(written.take() == "fold 3    goes on after step 1,234, on 2 ranks\n")
  }

  @Test func `steps are told of when a minute has passed without a line`() {
    let line = "fold 3    epoch 1/2, step 5/20: loss 0.5000, 32.0 images/s\n"
    report.observe(.step(.sample(step: 5)))
    hand.advance(.seconds(60))
    report.observe(.step(.sample(step: 5)))
    #expect(written.take().isEmpty)
    hand.advance(.milliseconds(1))
    report.observe(.step(.sample(step: 5)))
    #expect(written.take() == line)
    hand.advance(.seconds(59))
    report.tell("a note")
    hand.advance(.seconds(59))
    report.observe(.step(.sample(step: 5)))
    #expect(written.take() == "fold 3    a note\n")
  }

  @Test func `each epoch has a line, a checkpoint has none`() {
    report.observe(.checkpoint(path: "a", step: 10, isBest: true))
    #expect(written.take().isEmpty)
    report.observe(.epoch(.sample()))
    #expect(written.take() == "fold 3    \(EpochText.line(.sample()))\n")
  }

  @Test func `a step that is passed over has a line`() {
    report.observe(.passedOver(.sample(learningRateFactor: 0.5)))
    #expect(
      written.take()
        == "fold 3    skipped a step: the loss is not finite in step 7; the learning rate is 0.5 times the "
        + "recipe's now\n")
  }

  @Test func `the scores are those of the photos held out`() {
    report.tell(ViewedScores(sampleScores()))
    #expect(
      written.take() == "fold 3    held out 4 photos: accuracy 0.750, macro F1 0.733\n")
  }
}
