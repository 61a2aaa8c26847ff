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
      ScoresTable.text(ViewedScores(Scores(matrix, losses: losses))) == """
        class        precision  recall     F1  photos
        joy              1.000   0.500  0.667       2
        contentment      0.992   1.000  0.996     123
        accuracy 0.992, balanced 0.750, macro F1 0.831, weighted F1 0.991, kappa 0.663, loss 12.051, 125 photos
        Matthews 0.704

        true \\ predicted  joy  contentment
        joy                 1            1
        contentment         0          123

        """)
  }

  @Test func `means that leave classes out say over how many they are`() {
    let rows = [[2, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    let matrix = ConfusionMatrix(classes: ["a", "b", "c", "d"], rows: rows)
    let text = ScoresTable.text(ViewedScores(Scores(matrix, loss: 1)))
    #expect(
      text.contains(
        """
        accuracy 0.750, balanced 0.750, macro F1 0.556, weighted F1 0.833, kappa 0.600, loss 1.000, 4 photos
        Matthews 0.671
        of 4 classes, balanced is the mean of the 2 with photos, macro F1 of the 3 with photos or predictions

        """))
  }

  @Test func `a matrix that no screen holds gives way to the pairs that were confused most`() {
    var matrix = ConfusionMatrix(classes: (0..<51).map { "class-\($0)" })
    matrix.add(label: 50, predicted: 50, count: 9)
    matrix.add(label: 50, predicted: 3, count: 2)
    matrix.add(label: 4, predicted: 5, count: 7)
    let text = ScoresTable.text(ViewedScores(Scores(matrix, loss: 1)))
    #expect(
      text.hasSuffix(
        """
        true      predicted  photos
        class-4     class-5       7
        class-50    class-3       2

        """))
  }

  @Test func `a loss that is no number is shown`() {
    var matrix = ConfusionMatrix(classes: ["a"])
    matrix.add(label: 0, predicted: 0)
    let text = ScoresTable.text(ViewedScores(Scores(matrix, losses: [.nan])))
    #expect(text.contains("loss nan"))
  }

  @Test func `F1 has its interval, and metrics of probabilities a line of their own`() {
    var predictions = Predictions(classes: ["joy", "awe"])
    for row in 0..<40 {
      predictions.append(
        sample: row, labels: [row % 2], probabilities: row % 2 == 0 ? [0.75, 0.25] : [0, 1])
    }
    let text = ScoresTable.text(ViewedScores(.withIntervals(of: predictions)))
    #expect(
      text.hasPrefix(
        """
        class  precision  recall     F1         95 %  photos
        joy        1.000   1.000  1.000  1.000–1.000      20
        awe        1.000   1.000  1.000  1.000–1.000      20
        accuracy 1.000, balanced 1.000, macro F1 1.000, weighted F1 1.000, kappa 1.000, loss 0.144, 40 photos
        Matthews 1.000, AUROC 1.000, mean AP 1.000, Brier 0.062, ECE 0.125

        """), "\(text)")
  }

  /// One of four photos more is recognised by two views than by the plain one.
  private func viewed() -> ViewedScores {
    let classes = ["joy", "awe"]
    return ViewedScores(
      Scores(ConfusionMatrix(classes: classes, rows: [[2, 0], [0, 2]]), loss: 0.125), views: 2,
      plain: Scores(ConfusionMatrix(classes: classes, rows: [[1, 1], [0, 2]]), loss: 0.5))
  }

  @Test func `what views gain over the plain one has a line`() {
    #expect(
      ScoresTable.text(viewed()).contains(
        """
        accuracy 1.000, balanced 1.000, macro F1 1.000, weighted F1 1.000, kappa 1.000, loss 0.125, 4 photos
        Matthews 1.000
        2 views, over the plain one: accuracy +0.250, balanced +0.250, macro F1 +0.267, weighted F1 +0.267, \
        kappa +0.500, loss -0.375

        """))
  }
}
