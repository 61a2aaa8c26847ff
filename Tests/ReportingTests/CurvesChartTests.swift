import Evaluation
import Testing

@testable import Reporting
@testable import Runs

@Suite struct CurvesChartTests {
  /// Losses that fall, of which the validation photos' rises again and is no number once; and a metric that rises.
  private static func curves(
    _ count: Int, metric: Metric? = .macroF1, chosen: Int? = 3
  ) -> LearningCurves {
    LearningCurves(
      epochs: (1...count).map { number in
        let validation = number == 6 ? .nan : 1 / Double(number) + 0.1 * Double(number)
        return LearningCurves.Epoch(
          number: number, trainingLoss: 2 / Double(number),
          validationLoss: metric == nil ? nil : validation,
          value: metric == nil ? nil : 1 - 1 / Double(number + 1))
      }, metric: metric, chosen: chosen)
  }

  @Test func `losses and metric are twelve lines beside each other, with the chosen epoch`() {
    let lines = CurvesChart.lines(Self.curves(12), width: 79, script: .braille)
    #expect(lines.count == 12 && lines.allSatisfy { $0.count <= 79 })
    #expect(
      lines.joined(separator: "\n") == """
          loss: ⠤⠤⠤ validation, ⠄⠠⠄ training      macro F1 of the validation photos
              2 │ ⢁                               0.923 │                 ⢀⣀⣀⠤⠤⠔⠒⠒⠉⠉⠉⠉
                │  ⠄                                    │          ⢀⣀⠤⠒⠒⠉⠉⠁
                │  ⠐                                    │       ⣀⠔⠊⠁
                │ ⡀ ⡁                   ⣀⣀⠤⠤⠒⠉          │     ⡠⠊
          0.952 │ ⠘⢄ ⠄            ⣀⠤⠤⠒⠒⠉          0.681 │   ⢀⠔⠁
                │   ⠣⠤⣂⣀⣀⣀⣀⠤⠄    ⠉                      │  ⢀⠎
                │        ⠂⠠ ⡀                           │  ⡜
          0.167 │            ⠈ ⠁⠐ ⠂⠠ ⠄⠠ ⠄⠠ ⡀⢀       0.5 │ ⡜
                └─────────────────────────────          └─────────────────────────────
                       ▲ epoch 3                               ▲ epoch 3
                  epoch 1                   12            epoch 1                   12
        """)
  }

  @Test func `a terminal without braille has letters`() {
    let lines = CurvesChart.lines(Self.curves(12), width: 79, script: .ascii)
    #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    #expect(
      lines.joined(separator: "\n") == """
          loss: ** validation, .. training        macro F1 of the validation photos
              2 | .                               0.923 |                   **********
                |  .                                    |         **********
                |  .                                    |       **
                | * .                  *******          |    ***
          0.952 |  *.           *******           0.681 |   *
                |   ********                            |  *
                |       .......                         |  *
          0.167 |              ...............      0.5 | *
                +-----------------------------          +-----------------------------
                      ^ epoch 3                               ^ epoch 3
                  epoch 1                   12            epoch 1                   12
        """)
  }

  @Test
  func `without validation, or where the loss chooses, there is one chart of the whole width`() {
    let training = CurvesChart.lines(
      Self.curves(12, metric: nil, chosen: nil), width: 60, script: .ascii)
    #expect(training[0] == "  training loss" && training.count == 11)
    #expect(training.map(\.count).max() == 60)
    #expect(!training.joined().contains("^"))
    let loss = CurvesChart.lines(Self.curves(12, metric: .loss), width: 60, script: .ascii)
    #expect(loss[0] == "  loss: ** validation, .. training" && loss.count == 12)
    #expect(loss[10].hasSuffix("^ epoch 3"))
  }

  @Test func `what is marked at the right end is said to its left`() {
    let lines = CurvesChart.lines(Self.curves(12, chosen: 12), width: 60, script: .ascii)
    #expect(lines[10].hasSuffix("epoch 12 ^") && lines[10].count <= 60)
  }

  @Test func `one epoch is no curve, and numbers that are none draw nothing`() {
    #expect(CurvesChart.lines(Self.curves(1), width: 79, script: .braille).isEmpty)
    let none = LearningCurves(
      epochs: (1...3).map {
        .init(number: $0, trainingLoss: .infinity, validationLoss: .nan, value: .nan)
      }, metric: .macroF1, chosen: nil)
    #expect(CurvesChart.lines(none, width: 79, script: .ascii).count == 11)
  }
}
