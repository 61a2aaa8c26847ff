import EpochRules
import Evaluation
import Testing

@testable import Reporting
@testable import Training

@Suite struct EpochTextTests {
  @Test func `an epoch is one line of what was trained and validated`() {
    #expect(
      EpochText.line(.sample())
        == "epoch 1/2: loss 1.2346, accuracy 51.3 %; validation loss 0.3125, accuracy 75.0 %, "
        + "balanced 75.0 %, macro F1 0.733; 8.2 images/s")
  }

  @Test func `an epoch of which nothing has counted has no loss`() {
    #expect(
      EpochText.line(.sample(trainingLoss: nil, trainingAccuracy: nil))
        .hasPrefix("epoch 1/2: no loss; validation loss 0.3125,"))
    #expect(
      EpochText.line(.sample(trainingLoss: nil)).hasPrefix("epoch 1/2: no loss, accuracy 51.3 %;"))
  }

  @Test func `how often clipping acted is said where gradients are clipped`() {
    let line = EpochText.line(.sample(clippedShare: 0.125))
    #expect(line.contains("accuracy 51.3 %, clipped in 12.5 % of the steps; validation loss"))
    #expect(EpochText.line(.sample(clippedShare: 0)).contains(", clipped in 0.0 % of the steps;"))
  }

  @Test func `the best epoch so far is marked`() {
    #expect(EpochText.line(.sample(isBest: true)).hasSuffix("macro F1 0.733 (best); 8.2 images/s"))
  }

  @Test func `the average's scores stand behind the raw weights'`() {
    #expect(
      EpochText.line(.sample(average: sampleScores(), isBest: true)).hasSuffix(
        "macro F1 0.733; of averaged weights loss 0.3125, accuracy 75.0 %, balanced 75.0 %, macro F1 0.733 "
          + "(best); 8.2 images/s"))
  }

  @Test func `the metric that epochs are chosen by is shown, and none twice`() {
    #expect(
      EpochText.line(.sample(selectBy: .cohenKappa, isBest: true))
        .hasSuffix("macro F1 0.733, kappa 0.500 (best); 8.2 images/s"))
    for shown in [Metric.loss, .accuracy, .balancedAccuracy, .macroF1, nil] {
      #expect(EpochText.line(.sample(selectBy: shown)) == EpochText.line(.sample()))
    }
  }

  @Test func `without validation photos there is nothing between training and speed`() {
    #expect(
      EpochText.line(.sample(validation: nil))
        == "epoch 1/2: loss 1.2346, accuracy 51.3 %; 8.2 images/s")
  }

  @Test func `what rules decide has a line each`() {
    let decision = EpochDecision(
      isBest: true, learningRateFactor: 0.01,
      stop: EarlyStop(metric: .macroF1, best: 0.71234, epochs: 5))
    #expect(
      EpochText.decisions(decision) == [
        "plateau   from here on the learning rate is the schedule's times 0.01",
        "stopping  early, since macro F1 hasn't got better for 5 epochs: the best was 0.712",
      ])
    #expect(
      EpochText.decisions(EpochDecision(stop: EarlyStop(metric: .loss, best: nil, epochs: 1)))
        == ["stopping  early, since loss hasn't got better for 1 epoch"])
    #expect(EpochText.decisions(EpochDecision(isBest: true)).isEmpty)
  }

  @Test func `a loss that is no number is shown`() {
    let line = EpochText.line(.sample(validation: sampleScores(loss: .nan)))
    #expect(line.contains("validation loss nan, accuracy 75.0 %"))
  }

  @Test(
    arguments: [
      (0, "0.0 images/s"), (8.25, "8.2 images/s"), (99.9, "99.9 images/s"), (100, "100 images/s"),
      (1234.5, "1234 images/s"),
    ])
  func `a slow rate has a decimal, a fast one has none`(rate: Double, text: String) {
    #expect(EpochText.rate(rate) == text)
  }
}
