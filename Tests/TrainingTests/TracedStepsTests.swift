import Testing

@testable import Training

@Suite struct TracedStepsTests {
  @Test(arguments: [
    (TracedSteps.usual, 0, 100, 3...5), (.usual, 40, 100, 43...45), (.count(1), 0, 100, 3...3),
    // Where there are fewer, the last ones.
    (.usual, 0, 5, 3...5), (.usual, 0, 4, 2...4), (.usual, 0, 2, 1...2),
    (.usual, 99, 100, 100...100),
    (.count(1000), 10, 20, 11...20),
    (.numbers(7...9), 0, 100, 7...9), (.numbers(7...9), 7, 100, 8...9),
    (.numbers(7...9), 0, 8, 7...8),
  ])
  func `which steps are traced`(
    steps: TracedSteps, after: Int, last: Int, range: ClosedRange<Int>
  ) throws {
    #expect(try steps.range(after: after, to: last) == range)
  }

  @Test(arguments: [(9, 100), (0, 6)])
  func `steps of which none is to come are refused`(after: Int, last: Int) {
    let error = #expect(throws: TracedStepsError.self) {
      try TracedSteps.numbers(7...9).range(after: after, to: last)
    }
    #expect(
      error?.description
        == "--trace-steps 7..9: the steps from here on are \(after + 1)..\(last)")
  }
}
