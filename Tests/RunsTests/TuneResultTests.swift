import Evaluation
import Testing

@testable import Runs

@Suite struct TuneResultTests {
  private func share(_ parts: [Int], _ scores: [Double]) -> Double? {
    TuneResult.Importance(
      key: "k", trials: zip(parts, scores).map { (part: $0, score: $1) }
    ).share
  }

  private let scores = [0.1, 0.3, 0.5, 0.4, 0.9, 0.2, 0.8]

  /// `statsmodels.api.OLS(scores, numpy.eye(3)[parts]).fit().rsquared_adj`.
  @Test func `what a key explains is the adjusted R² of its parts`() throws {
    let three = try #require(share([0, 0, 1, 1, 2, 2, 2], scores))
    #expect(abs(three - 0.12965425531914898) < 1e-12)
    let two = try #require(share([0, 1, 0, 1, 0, 1, 0], scores))
    #expect(abs(two - 0.08962765957446817) < 1e-12)
    // Below 0 there.
    #expect(share([0, 1, 0, 1], [0.1, 0.1, 0.9, 0.9]) == 0)
  }

  @Test func `too few trials explain nothing, nor do equal scores`() {
    #expect(share([0, 1, 2], [0.1, 0.2, 0.3]) == nil)
    #expect(share([1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4]) == nil)
    #expect(share([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]) == nil)
  }

  @Test func `a table has a row for each trial, with empty fields for what it hasn't`() {
    let text = TuneResult.table(
      [
        .init(trial: 0, values: ["0.1", "[a, b]"], epochs: 4, value: 0.5, state: .finished),
        .init(trial: 3, values: ["", "c"], epochs: 0, value: nil, state: .failed),
      ], keys: ["optimizer.momentum", "augment"], metric: .macroF1)
    #expect(
      text == """
        trial,optimizer.momentum,augment,epochs,macro_f1,state
        0,0.1,"[a, b]",4,0.5,finished
        3,,c,0,,failed

        """)
  }
}
