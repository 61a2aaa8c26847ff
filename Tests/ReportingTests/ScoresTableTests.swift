import Evaluation
import Reporting
import Testing

@Suite struct ScoresTableTests {
  @Test func `columns are aligned`() {
    var matrix = ConfusionMatrix(classes: ["joy", "contentment"])
    for _ in 0..<123 { matrix.add(label: 1, predicted: 1) }
    matrix.add(label: 0, predicted: 1)
    matrix.add(label: 0, predicted: 0)
    let losses = Array(repeating: 12.0506, count: 125)
    #expect(
      ScoresTable.text(Scores(matrix, losses: losses)) == """
        class        precision  recall     F1  photos
        joy              1.000   0.500  0.667       2
        contentment      0.992   1.000  0.996     123
        accuracy 0.992, balanced 0.750, macro F1 0.831, weighted F1 0.991, kappa 0.663, loss 12.051, 125 photos

        true \\ predicted  joy  contentment
        joy                 1            1
        contentment         0          123

        """)
  }

  @Test func `a loss that is no number is shown`() {
    var matrix = ConfusionMatrix(classes: ["a"])
    matrix.add(label: 0, predicted: 0)
    let text = ScoresTable.text(Scores(matrix, losses: [.nan]))
    #expect(text.contains("loss nan"))
  }
}
