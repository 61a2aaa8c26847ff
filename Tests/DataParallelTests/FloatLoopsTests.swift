import Tensors
import Testing

@testable import DataParallel

@Suite struct FloatLoopsTests {
  @Test(arguments: [0, 16, 48, 4096])
  func `addition is exact to the element`(count: Int) {
    let source = unevenNumbers(count, position: 1)
    var target = unevenNumbers(count, position: 2)
    let expected = zip(target, source).map { ($0 + $1).bitPattern }
    add(source, to: &target, count: count)
    #expect(target.map(\.bitPattern) == expected)
  }

  /// The order is frozen: a norm must not change with a compiler or a machine.
  @Test(arguments: [0, 16, 48, 4096])
  func `squares are summed in 16 lanes, then in halves`(count: Int) {
    let values = unevenNumbers(count, position: 3)
    var lanes = [Double](repeating: 0, count: 16)
    for (index, value) in values.enumerated() { lanes[index % 16] += Double(value) * Double(value) }
    while lanes.count > 1 {
      let half = lanes.count / 2
      lanes = (0..<half).map { lanes[$0] + lanes[$0 + half] }
    }
    #expect(sumOfSquares(values, count: count).bitPattern == lanes[0].bitPattern)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `a single element that isn't finite shows`(value: Float) {
    for place in [0, 15, 31] {
      var values = [Float](repeating: 1, count: 32)
      values[place] = value
      #expect(!sumOfSquares(values, count: 32).isFinite)
    }
    let largest = [Float](repeating: .greatestFiniteMagnitude, count: 4096)
    #expect(sumOfSquares(largest, count: 4096).isFinite)
  }
}
