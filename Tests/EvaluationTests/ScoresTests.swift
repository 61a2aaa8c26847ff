import Evaluation
import Files
import Testing

@Suite struct ScoresTests {
  @Test func `JSON has sorted keys`() throws {
    var matrix = ConfusionMatrix(classes: ["a", "b"])
    for (label, predicted) in [(0, 0), (0, 1), (1, 1), (1, 1)] {
      matrix.add(label: label, predicted: predicted)
    }
    let text = try JSONText.encode(Scores(matrix, losses: [0.1, 0, 0.2, 0.1]))
    #expect(
      text == """
        {"accuracy":0.75,"balanced_accuracy":0.75,"cohen_kappa":0.5,"confusion_matrix":[[1,1],[0,2]],"loss":0.1,\
        "macro_f1":0.7333333333333334,"macro_f1_classes":2,"matthews_correlation":0.5773502691896258,"per_class":[\
        {"f1":0.6666666666666666,"name":"a","precision":1,"recall":0.5,"support":2},\
        {"f1":0.8,"name":"b","precision":0.6666666666666666,"recall":1,"support":2}],\
        "photos":4,"weighted_f1":0.7333333333333334}
        """)
  }

  @Test func `a loss that is no number is text`() throws {
    var matrix = ConfusionMatrix(classes: ["a"])
    matrix.add(label: 0, predicted: 0)
    let text = try JSONText.encode(Scores(matrix, losses: [.nan]))
    #expect(text.contains("\"loss\":\"nan\""))
  }

  @Test func `a metric that a file doesn't have yet is made of what it has`() throws {
    var matrix = ConfusionMatrix(classes: ["a", "b"])
    for (label, predicted) in [(0, 0), (0, 1), (1, 1)] {
      matrix.add(label: label, predicted: predicted)
    }
    let scores = Scores(matrix, losses: [0.1, 0, 0.2])
    let text = try JSONText.encode(scores)
    #expect(try JSONText.decode(Scores.self, from: text.utf8) == scores)
    let older = text.replacing(/"balanced_accuracy":[^,]*,/, with: "")
    #expect(older != text)
    #expect(try JSONText.decode(Scores.self, from: older.utf8) == scores)
    let damaged = text.replacing("[1,1]", with: "[1]")
    #expect(throws: (any Error).self) { try JSONText.decode(Scores.self, from: damaged.utf8) }
  }

  /// The whole matrix of ImageNet's 21,841 classes would have 477 million numbers.
  @Test func `of very many classes, JSON has the pairs that occur`() throws {
    let classes = (0..<21_841).map { "\($0)" }
    var matrix = ConfusionMatrix(classes: classes)
    for (label, predicted) in [(0, 0), (21_840, 7), (21_840, 7), (3, 9)] {
      matrix.add(label: label, predicted: predicted)
    }
    let scores = Scores(matrix, losses: [0, 1, 2, 3])
    let text = try JSONText.encode(scores)
    #expect(text.contains("\"confusions\":[[0,0,1],[3,9,1],[21840,7,2]]"))
    #expect(text.utf8.count < 3_000_000)
    #expect(try JSONText.decode(Scores.self, from: text.utf8) == scores)
    #expect(scores[.macroF1] == 0.2)
    #expect(scores[.balancedAccuracy] == 1.0 / 3)
  }

  @Test(arguments: [
    "[[0,0,-1]]", "[[2,0,1]]", "[[0,0]]", "[[0,0,9223372036854775807]]",
    "[[0,0,2147483647],[0,1,2147483647]]",
  ])
  func `counts that can't be are refused`(confusions: String) throws {
    var matrix = ConfusionMatrix(classes: ["a", "b"])
    matrix.add(label: 0, predicted: 0)
    let text = try JSONText.encode(Scores(matrix, losses: [0]))
    let changed = text.replacing(
      "\"confusion_matrix\":[[1,0],[0,0]]", with: "\"confusions\":\(confusions)")
    #expect(changed != text)
    #expect(throws: (any Error).self) { try JSONText.decode(Scores.self, from: changed.utf8) }
  }

  @Test func `JSON has the plain view's scores beside those of all views, where there are some`()
    throws
  {
    func scores(_ rows: [[Int]]) -> Scores {
      Scores(ConfusionMatrix(classes: ["a", "b"], rows: rows), loss: 0.5)
    }
    let all = scores([[2, 0], [0, 2]])
    let text = try JSONText.encode(all)
    #expect(try JSONText.encode(ViewedScores(all, views: 2)) == text)
    #expect(try JSONText.decode(ViewedScores.self, from: text.utf8) == ViewedScores(all))
    let viewed = ViewedScores(all, views: 8, plain: scores([[1, 1], [0, 2]]))
    let both = try JSONText.encode(viewed)
    #expect(both.contains("\"plain\":{\"accuracy\":0.75,") && both.contains("\"views\":8"))
    #expect(try JSONText.decode(ViewedScores.self, from: both.utf8) == viewed)
    #expect(try JSONText.decode(Scores.self, from: both.utf8) == all)
  }
}
