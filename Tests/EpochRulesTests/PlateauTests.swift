import EpochRules
import Evaluation
import Testing

@Suite struct PlateauTests {
  @Test func `after each epoch the learning rate is PyTorch's`() throws {
    for golden in try GoldenEpochs.read().plateau {
      let metric = GoldenEpochs.metric(golden.mode)
      let rule = Plateau(
        metric, patience: golden.patience, reduction: golden.factor, cooldown: golden.cooldown,
        floor: golden.floor)
      var memory: [String: Double] = [:]
      var factor = 1.0
      for (epoch, value) in golden.values.enumerated() {
        let decision = rule.epochEnded(EndedEpoch(epoch, value, of: metric), memory: &memory)
        if let lowered = decision.learningRateFactor {
          #expect(lowered < factor)
          factor = lowered
        }
        let expected = golden.factors[epoch]
        #expect(
          factor == expected && memory["factor"] == expected,
          "\(golden.mode), patience \(golden.patience), epoch \(epoch)")
      }
    }
  }

  @Test func `what is no number is worse than any`() {
    let rule = Plateau(.loss, patience: 1)
    var memory: [String: Double] = [:]
    let factors = [Double.nan, .nan, 2, .nan, 2, 1].enumerated().map {
      rule.epochEnded(EndedEpoch($0.offset, $0.element, of: .loss), memory: &memory)
        .learningRateFactor
    }
    #expect(factors == [nil, 0.1, nil, nil, 0.1 * 0.1, nil])
  }

  @Test func `without validation photos nothing happens`() {
    var memory: [String: Double] = [:]
    let epoch = EndedEpoch(
      epoch: 0, step: 1, trainingLoss: 1, trainingAccuracy: 0, validation: nil)
    #expect(Plateau(.loss, patience: 0).epochEnded(epoch, memory: &memory) == EpochDecision())
    #expect(memory.isEmpty)
  }
}
