import Evaluation
import Reporting
import Runs
import Testing

@Suite struct FoldsTableTests {
  /// Photos of that number, of which nothing was doubted.
  private func predictions(_ matrix: ConfusionMatrix) -> Predictions {
    var predictions = Predictions(classes: matrix.classes)
    for pair in matrix.triples {
      for _ in 0..<pair[2] {
        predictions.append(
          sample: 0, labels: [pair[0]],
          probabilities: matrix.classes.indices.map { $0 == pair[1] ? 1 : 0 })
      }
    }
    return predictions
  }

  @Test func `rows of the folds come before their mean and deviation`() {
    let classes = ["joy", "awe"]
    let first = ConfusionMatrix(classes: classes, rows: [[1, 1], [0, 2]])
    let second = ConfusionMatrix(classes: classes, rows: [[500, 0], [0, 500]])
    let folds = [
      FoldResult(fold: 0, steps: 10, scores: ViewedScores(Scores(first, loss: 12.5))),
      FoldResult(fold: 1, steps: 10, scores: ViewedScores(Scores(second, loss: 0.25))),
    ]
    let all = ConfusionMatrix(classes: classes, rows: [[501, 1], [0, 502]])
    #expect(
      FoldsTable.text(CrossvalResult(folds, predictions(all))) == """
        fold  accuracy  balanced  macro F1  weighted F1  kappa    loss  photos
        0        0.750     0.750     0.733        0.733  0.500  12.500       4
        1        1.000     1.000     1.000        1.000  1.000   0.250    1000
        mean     0.875     0.875     0.867        0.867  0.750   6.375
        ± sd     0.177     0.177     0.189        0.189  0.354   8.662

        """)
  }

  @Test func `the plain view's mean is the last row, where views were averaged`() {
    let classes = ["joy", "awe"]
    func scores(_ rows: [[Int]], _ loss: Double) -> Scores {
      Scores(ConfusionMatrix(classes: classes, rows: rows), loss: loss)
    }
    let folds = [0, 1].map { fold in
      FoldResult(
        fold: fold, steps: 10,
        scores: ViewedScores(
          scores([[2, 0], [0, 2]], 0.125), views: 8,
          plain: scores([[2 - fold, fold], [0, 2]], 0.5)))
    }
    let result = CrossvalResult(
      folds, predictions(ConfusionMatrix(classes: classes, rows: [[4, 0], [0, 4]])))
    let rows = FoldsTable.text(result).split(separator: "\n")
    #expect(
      rows.last == "mean, plain view     0.875     0.875     0.867        0.867  0.750  0.500")
    #expect(result.outOfFold.views == 8)
    #expect(result.outOfFold.plain == scores([[3, 1], [0, 4]], 0.5))
  }
}
