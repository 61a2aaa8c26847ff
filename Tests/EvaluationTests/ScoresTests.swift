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
        "macro_f1":0.7333333333333334,"per_class":[\
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
}
