import Reporting
import Testing
import Training

@Suite struct RateChartTests {
  private static func curve(_ losses: [Double]) -> RateCurve {
    var curve = RateCurve(steps: losses.count)
    var rate = 1e-4
    for loss in losses {
      curve.append(loss: loss, learningRate: rate)
      rate *= 10
    }
    return curve
  }

  @Test func `each point has its place, and the suggested one is marked below`() {
    let curve = Self.curve([2, 1, 4])
    let lines = RateChart.text(curve.points, marked: curve.points[1])
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 16 && lines.last == "")
    let smoothed = curve.points.map(\.smoothedLoss)
    #expect(smoothed[1] < smoothed[0] && smoothed[0] < smoothed[2])
    let margin =
      lines[0].firstIndex(of: "|").map { lines[0].distance(from: lines[0].startIndex, to: $0) } ?? 0
    func column(_ line: String, _ character: Character) -> Int? {
      line.firstIndex(of: character).map {
        line.distance(from: line.startIndex, to: $0) - margin - 2
      }
    }
    // The largest in the first row, at the right end; the least in the last row, in the middle.
    #expect(column(lines[0], "*") == 63)
    #expect(column(lines[11], "*") == 31)
    #expect(column(lines[13], "^") == 31)
    #expect(lines[13].hasSuffix("^ 0.001"))
    #expect(lines[14].contains("0.0001") && lines[14].hasSuffix("0.01"))
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") && $0.count <= margin + 66 })
  }

  @Test func `last losses that go beyond all bounds are left out of the range`() {
    let losses = [Double](repeating: 2, count: 20) + [1e6, 1e7, 1e8, 1e9, 1e300]
    let range = RateChart.range(of: Self.curve(losses).points)
    #expect(abs(range.lowerBound - 2) < 1e-9 && range.upperBound < 2.1)
    #expect(
      RateChart.text(Self.curve(losses).points, marked: nil).split(separator: "\n").count == 14)
    #expect(RateChart.text([], marked: nil) == "")
  }
}
