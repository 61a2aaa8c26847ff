import Evaluation
import Testing

@Suite struct ScoresTests {
  @Test func jsonHasSortedKeys() throws {
    var matrix = ConfusionMatrix(classes: ["a", "b"])
    for (label, predicted) in [(0, 0), (0, 1), (1, 1), (1, 1)] {
      matrix.add(label: label, predicted: predicted)
    }
    let text = try Scores(matrix, loss: 0.1).json()
    #expect(
      text == """
        {"accuracy":0.75,"balanced_accuracy":0.75,"confusion_matrix":[[1,1],[0,2]],"loss":0.1,\
        "macro_f1":0.7333333333333334,"per_class":[\
        {"f1":0.6666666666666666,"name":"a","precision":1,"recall":0.5,"support":2},\
        {"f1":0.8,"name":"b","precision":0.6666666666666666,"recall":1,"support":2}],\
        "photos":4,"weighted_f1":0.7333333333333334}
        """)
  }

  @Test func aLossThatIsNoNumberIsText() throws {
    let text = try Scores(ConfusionMatrix(classes: []), loss: .nan).json()
    #expect(text.contains("\"loss\":\"nan\""))
  }

  /// The numbers are chosen so that another order or a sum of ranks' sums gives other bits.
  @Test func lossesAreSummedInTheListsOrder() {
    let losses = [1e16, 1, 1, 1, -1e16, 0.1, 0.2, 0.3]
    let expected = losses.reduce(0, +) / 8
    for cut in 0...losses.count {
      var parts = [LossSums(), LossSums()]
      for (index, loss) in losses.enumerated() {
        parts[index < cut ? 0 : 1].append(loss: loss, weight: 1)
      }
      #expect(LossSums(numbers: parts[0].numbers + parts[1].numbers).mean == expected)
    }
    #expect(losses.reversed().reduce(0, +) / 8 != expected)
  }

  @Test func theMeanIsWeighted() {
    var sums = LossSums()
    sums.append(loss: 6, weight: 3)
    sums.append(loss: 1, weight: 0.5)
    #expect(sums.mean == 2)
  }
}
