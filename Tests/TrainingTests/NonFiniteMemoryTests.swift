import Optimizers
import Testing

@testable import Checkpoints
@testable import Training

@Suite struct NonFiniteMemoryTests {
  @Test func `ten steps in a row are passed over, and no eleventh`() {
    for policy in [NonFinitePolicy.skip, .lower(factor: 0.5)] {
      var memory = NonFiniteMemory()
      for round in 1...3 {
        for _ in 0..<NonFinitePolicy.mostInARow {
          let passesOver = memory.passesOver(by: policy)
          #expect(passesOver)
        }
        var next = memory
        let passesOver = next.passesOver(by: policy)
        #expect(!passesOver && next == memory)
        memory.endRow()
        #expect(memory.inARow == 0 && memory.passedOver == 10 * round)
      }
      #expect(memory.learningRateFactor == (policy == .skip ? 1 : 0x1p-30))
    }
    var memory = NonFiniteMemory()
    let passesOver = memory.passesOver(by: .stop)
    #expect(!passesOver && memory == NonFiniteMemory())
  }

  @Test func `a state keeps it, and has nothing of it as long as all is finite`() {
    var state = TrainingState(recipeDigest: "", dataDigest: "")
    state.nonFinite.endRow()
    #expect(state.rules.isEmpty)
    let passesOver = state.nonFinite.passesOver(by: .lower(factor: 0.1))
    #expect(passesOver)
    #expect(
      state.rules == [
        "non-finite": ["in_a_row": 1, "passed_over": 1, "learning_rate_factor": 0.1]
      ])
    state.nonFinite.endRow()
    #expect(
      state.nonFinite
        == NonFiniteMemory(inARow: 0, passedOver: 1, learningRateFactor: 0.1))
    var other = state
    other.forgetNonFinite(under: .skip)
    #expect(other.rules.isEmpty)
    state.forgetNonFinite(under: .lower(factor: 0.9))
    #expect(state.nonFinite == NonFiniteMemory(learningRateFactor: 0.1))
  }
}
