import Files
import Foundation
import Support
import Testing

@testable import Evaluation

/// Beside SciPy and scikit-learn: Tests/Golden/uncertainty.py.
@Suite struct UncertaintyTests {
  struct Golden: Decodable {
    struct Share: Decodable {
      let hits, count: Int
      let lower, upper: Double
    }
    struct Test: Decodable {
      let first, second: Int
      let p: Double
    }
    struct Bounds: Decodable {
      let accuracy, macroF1: [Double]

      enum CodingKeys: String, CodingKey {
        case accuracy
        case macroF1 = "macro_f1"
      }
    }
    let intervals: [Share]
    let tests: [Test]
    let labels, first, second: [Int]
    let accuracy, macroF1: [Double]
    let paired, unpaired: Bounds

    enum CodingKeys: String, CodingKey {
      case intervals, tests, labels, first, second, accuracy, paired, unpaired
      case macroF1 = "macro_f1"
    }
  }

  static let golden = Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/uncertainty.json")
    return try JSONText.decode(Golden.self, from: Data(contentsOf: file))
  }
  let golden: Golden

  init() throws { golden = try Self.golden.get() }

  @Test func `a share's interval is SciPy's`() {
    #expect(golden.intervals.count == 9)
    for share in golden.intervals {
      let interval = Interval.ofShare(share.hits, of: share.count)
      #expect(abs(interval.lower - share.lower) < 1e-9, "\(share)")
      #expect(abs(interval.upper - share.upper) < 1e-9, "\(share)")
    }
    #expect(Interval.ofShare(0, of: 0) == Interval(lower: 0, upper: 1))
  }

  @Test func `an F1's interval is around it, and narrower with more photos`() {
    let few = Interval.ofF1(hits: 4, support: 8, predicted: 6)
    let many = Interval.ofF1(hits: 400, support: 800, predicted: 600)
    for interval in [few, many] { #expect(interval.contains(2 * 4.0 / 14)) }
    #expect(few.halfWidth > 0.2 && many.halfWidth < 0.05)
    #expect(Interval.ofF1(hits: 0, support: 5, predicted: 0).lower == 0)
    #expect(Interval.ofF1(hits: 5, support: 5, predicted: 5).upper == 1)
  }

  @Test func `McNemar's test is the exact binomial one`() {
    #expect(golden.tests.count == 7)
    for test in golden.tests {
      let p = McNemar(firstAlone: test.first, secondAlone: test.second).p
      #expect(abs(p - test.p) < 1e-8, "\(test): \(p)")
    }
    #expect(McNemar(firstAlone: 0, secondAlone: 0).p == 1)
  }

  @Test func `a difference's interval is that of many draws by NumPy`() throws {
    let (first, second) = (
      PhotoTerms(
        classes: (0..<5).map { "\($0)" }, labels: golden.labels, predicted: golden.first),
      PhotoTerms(
        classes: (0..<5).map { "\($0)" }, labels: golden.labels, predicted: golden.second)
    )
    for (isPaired, bounds) in [(true, golden.paired), (false, golden.unpaired)] {
      func differences() -> [ScoreDifference?] {
        isPaired
          ? ScoreDifference.ofSamePhotos(first, second, groups: nil) {
            $0.values([.accuracy, .macroF1], $1)
          } : ScoreDifference.ofOtherPhotos(first, second, [.accuracy, .macroF1])
      }
      let found = differences()
      for (own, values, expected) in [
        (try #require(found[0]), golden.accuracy, bounds.accuracy),
        (try #require(found[1]), golden.macroF1, bounds.macroF1),
      ] {
        #expect(abs(own.first - values[0]) < 1e-12 && abs(own.second - values[1]) < 1e-12)
        // Of 2000 draws, whose percentiles themselves are known to a tenth of the width.
        #expect(abs(own.interval.lower - expected[0]) < 0.006, "\(own.interval), \(expected)")
        #expect(abs(own.interval.upper - expected[1]) < 0.006, "\(own.interval), \(expected)")
      }
      #expect(differences() == found)
    }
  }

  @Test func `photos by number are those of the matrix`() {
    let matrix = ConfusionMatrix(classes: ["a", "b"], rows: [[2, 1], [0, 3]])
    let terms = PhotoTerms(matrix)
    #expect(terms.labels == [0, 0, 0, 1, 1, 1])
    #expect(terms.matrix(terms.once) == matrix)
    let same = ScoreDifference.ofSamePhotos(terms, terms, groups: nil) {
      $0.values([.accuracy, .macroF1], $1)
    }
    #expect(same[0]?.difference == 0 && same[0]?.isReal == false)
    #expect(same[1]?.interval == Interval(lower: 0, upper: 0))
  }
}
