import EpochRules
import Evaluation
import Testing

@Suite struct BestEpochTests {
  /// Scores of two classes with so many of ten photos right.
  private func scores(right: Int, loss: Double = 0) -> Scores {
    var matrix = ConfusionMatrix(classes: ["a", "b"])
    for photo in 0..<10 { matrix.add(label: 0, predicted: photo < right ? 0 : 1) }
    return Scores(matrix, loss: loss)
  }

  private func epoch(_ number: Int, _ scores: Scores?) -> EndedEpoch {
    EndedEpoch(
      epoch: number, step: 10 * (number + 1), trainingLoss: 1, trainingAccuracy: 0,
      validation: scores)
  }

  /// The epochs that were the best so far, with one memory for all, and that memory.
  private func best(
    _ rule: BestEpoch, _ all: [Scores?]
  ) -> (epochs: [Int], memory: [String: Double]) {
    var memory: [String: Double] = [:]
    let epochs = all.enumerated().filter {
      rule.epochEnded(epoch($0.offset, $0.element), memory: &memory).isBest
    }
    return (epochs.map(\.offset), memory)
  }

  @Test func `of equal epochs the first is the best`() {
    let (epochs, memory) = best(
      BestEpoch(by: .accuracy), [5, 4, 5, 7, 7].map { scores(right: $0) })
    #expect(epochs == [0, 3])
    #expect(memory == ["value": 0.7, "step": 40])
  }

  @Test func `a loss is the better the lower, and no number is the worst`() {
    let losses = [Double.nan, 2, 3, 1, .nan]
    let (epochs, memory) = best(
      BestEpoch(by: .loss), losses.map { scores(right: 5, loss: $0) })
    #expect(epochs == [0, 1, 3])
    #expect(memory == ["value": 1, "step": 40])
  }

  @Test func `without validation photos no epoch is, and nothing is remembered`() {
    let (epochs, memory) = best(BestEpoch(by: .accuracy), [nil, nil])
    #expect(epochs.isEmpty && memory.isEmpty)
  }
}
