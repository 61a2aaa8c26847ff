import Evaluation
import Reporting
import Runs
import Testing

@Suite struct FoldsTableTests {
  @Test func `rows of the folds come before their mean and deviation`() {
    let classes = ["joy", "awe"]
    let first = ConfusionMatrix(classes: classes, rows: [[1, 1], [0, 2]])
    let second = ConfusionMatrix(classes: classes, rows: [[500, 0], [0, 500]])
    let folds = [
      FoldResult(fold: 0, steps: 10, scores: Scores(first, loss: 12.5)),
      FoldResult(fold: 1, steps: 10, scores: Scores(second, loss: 0.25)),
    ]
    let all = ConfusionMatrix(classes: classes, rows: [[501, 1], [0, 502]])
    #expect(
      FoldsTable.text(CrossvalResult(folds, all)) == """
        fold  accuracy  balanced  macro F1  weighted F1  kappa    loss  photos
        0        0.750     0.750     0.733        0.733  0.500  12.500       4
        1        1.000     1.000     1.000        1.000  1.000   0.250    1000
        mean     0.875     0.875     0.867        0.867  0.750   6.375
        ± sd     0.177     0.177     0.189        0.189  0.354   8.662

        """)
  }
}
