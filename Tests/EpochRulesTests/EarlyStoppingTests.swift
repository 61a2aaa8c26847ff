import EpochRules
import Evaluation
import Testing

@Suite struct EarlyStoppingTests {
  @Test func `a training ends where Keras' does`() throws {
    for golden in try GoldenEpochs.read().earlyStopping {
      let metric = GoldenEpochs.metric(golden.mode)
      let rule = EarlyStopping(metric, patience: golden.patience, leastChange: golden.minDelta)
      var memory: [String: Double] = [:]
      var end: Int?
      for (epoch, value) in golden.values.enumerated() {
        let decision = rule.epochEnded(EndedEpoch(epoch, value, of: metric), memory: &memory)
        #expect((memory["stopped"] == 1) == (decision.stop != nil))
        guard let stop = decision.stop else { continue }
        #expect(stop.metric == metric && stop.epochs == golden.patience)
        #expect(stop.best == memory["best"])
        end = epoch
        break
      }
      #expect(end == golden.end, "\(golden.mode), patience \(golden.patience)")
    }
  }

  @Test func `what is no number is worse than any`() {
    let rule = EarlyStopping(.loss, patience: 2)
    var memory: [String: Double] = [:]
    let stops = [Double.nan, 3, .nan, .nan].enumerated().map {
      rule.epochEnded(EndedEpoch($0.offset, $0.element, of: .loss), memory: &memory).stop
    }
    #expect(stops == [nil, nil, nil, EarlyStop(metric: .loss, best: 3, epochs: 2)])
  }

  @Test func `without validation photos nothing happens`() {
    var memory: [String: Double] = [:]
    let epoch = EndedEpoch(
      epoch: 0, step: 1, trainingLoss: 1, trainingAccuracy: 0, validation: nil)
    #expect(EarlyStopping(.loss, patience: 1).epochEnded(epoch, memory: &memory) == EpochDecision())
    #expect(memory.isEmpty)
  }
}
