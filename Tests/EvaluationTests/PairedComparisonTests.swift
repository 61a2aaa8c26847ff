import Testing

@testable import Evaluation

@Suite struct PairedComparisonTests {
  /// Photos `0.jpg`, … of two classes in turn, in an order, of which some are right.
  private func photos(
    _ order: [Int], right: (Int) -> Bool, classes: [String] = ["a", "b"],
    label: (Int) -> Int = { $0 % 2 },
    folds: Int? = nil
  ) -> LabelledPhotos {
    var predictions = Predictions(classes: classes)
    for (row, photo) in order.enumerated() {
      let own = label(photo)
      predictions.append(
        sample: row, labels: [own],
        probabilities: (own == 0) == right(photo) ? [0.75, 0.25] : [0.25, 0.75])
    }
    return LabelledPhotos(
      predictions, paths: order.map { "\($0).jpg" },
      folds: folds.map { folds in order.map { $0 % folds } })
  }

  private let all = Array(0..<60)

  @Test func `photos are compared one by one, whatever their order`() throws {
    let paired = try PairedComparison(
      first: photos(all) { $0 % 5 != 0 }, second: photos(all.reversed()) { $0 % 10 != 5 })
    #expect(paired.photos == 60 && paired.groups == nil)
    #expect(paired.mcNemar == McNemar(firstAlone: 0, secondAlone: 6))
    let accuracy = try #require(paired[.accuracy])
    #expect(abs(accuracy.difference - 0.1) < 1e-12 && accuracy.isReal)
    #expect(paired[.top3Accuracy] == nil && paired[.auroc] != nil)
    #expect(paired.classes.map(\.photos) == [30, 30])
    // Of the same answers nothing differs, in any draw.
    let same = try PairedComparison(
      first: photos(all) { $0 % 5 != 0 }, second: photos(all) { $0 % 5 != 0 })
    #expect(
      same.metrics.allSatisfy { $0.difference.interval == Interval(lower: 0, upper: 0) })
    #expect(same.metrics.count > 8 && same.mcNemar.p == 1)
  }

  @Test func `only what is asked is compared`() throws {
    let paired = try PairedComparison(
      first: photos(all) { $0 % 5 != 0 }, second: photos(all) { $0 % 7 != 0 },
      metrics: [.brierScore])
    #expect(paired.metrics.map(\.metric) == [.brierScore] && paired.classes.count == 2)
  }

  @Test func `groups that a table brings are drawn`() throws {
    let first = photos(all) { $0 % 5 != 0 }.with(groups: all.map { "\($0 / 6)" })
    let paired = try PairedComparison(first: first, second: photos(all) { $0 % 7 != 0 })
    #expect(paired.groups == 10)
    let other = try PairedComparison(first: photos(all) { $0 % 7 != 0 }, second: first)
    #expect(other.groups == 10)
    #expect(other[.accuracy]?.interval.lower == paired[.accuracy].map { -$0.interval.upper })
  }

  @Test func `folds are compared where both have the same`() throws {
    func folded(_ folds: Int?, _ right: (Int) -> Bool) -> LabelledPhotos {
      photos(all, right: right, folds: folds)
    }
    let paired = try PairedComparison(
      first: folded(5) { $0 % 6 != 0 }, second: folded(5) { $0 % 12 != 0 })
    let accuracy = try #require(paired.overFolds(.accuracy))
    // One photo of twelve in each fold.
    #expect(accuracy.differences.count == 5)
    #expect(accuracy.differences.allSatisfy { abs($0 - 1.0 / 12) < 1e-12 })
    #expect(accuracy.isReal && accuracy.interval.halfWidth < 1e-12)
    for others in [4, nil] {
      let apart = try PairedComparison(
        first: folded(5) { $0 % 6 != 0 }, second: folded(others) { $0 % 12 != 0 })
      #expect(apart.overFolds(.accuracy) == nil)
    }
  }

  @Test func `other photos are refused, with their number and what to do`() {
    func refusal(_ first: LabelledPhotos, _ second: LabelledPhotos) -> String {
      do {
        _ = try PairedComparison(first: first, second: second)
        return ""
      } catch {
        return error.description
      }
    }
    let usual = photos(all) { _ in true }
    let fewer = refusal(usual, photos(Array(5..<62)) { _ in true })
    #expect(
      fewer.hasPrefix(
        "A and B are about other photos: 5 are in A alone, such as 0.jpg, 1.jpg, 2.jpg, …, 2 are in B alone, such as "
          + "60.jpg, 61.jpg; have both say"), "\(fewer)")
    let others = refusal(usual, photos(all, right: { _ in true }, classes: ["a", "c"]))
    #expect(others.hasPrefix("the classes differ: a, b in A, a, c in B;"), "\(others)")
    let labels = refusal(
      usual, photos(all, right: { _ in true }, label: { $0 == 3 ? 0 : $0 % 2 }))
    #expect(
      labels.hasPrefix(
        "1 photo has another label in A than in B: 3.jpg is b in A and a in B;"), "\(labels)")
    let twice = refusal(usual, photos([0, 1, 1]) { _ in true })
    #expect(twice.hasPrefix("1.jpg has two rows in one table"), "\(twice)")
  }
}
