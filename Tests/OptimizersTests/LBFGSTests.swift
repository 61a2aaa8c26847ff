import Foundation
import Optimizers
import Testing

@Suite struct LBFGSTests {
  /// Σ cosh(sᵢ·(xᵢ − i/60)): strictly convex, its scales far apart, its minimum at xᵢ = i/60.
  @Test(arguments: [1, 7, 60])
  func `it finds the minimum of a convex function`(count: Int) throws {
    let scales = (0..<count).map { 0.1 + Double($0 % 7) / 2 }
    var point = [Double](repeating: 0.5, count: count)
    var calls = 0
    let iterations = LBFGS(tolerance: 1e-10).minimise(from: &point) { point, gradient in
      calls += 1
      var value = 0.0
      for index in 0..<count {
        let distance = scales[index] * (point[index] - Double(index) / 60)
        value += cosh(distance)
        gradient[index] = scales[index] * sinh(distance)
      }
      return value
    }
    #expect(iterations > 0 && iterations < 200 && calls < 2 * iterations + 20)
    let distances = point.enumerated().map { abs($0.element - Double($0.offset) / 60) }
    #expect(try #require(distances.max()) < 1e-8)
  }

  @Test func `at the minimum it takes no step`() {
    var point = [3.0]
    let iterations = LBFGS(tolerance: 1e-6).minimise(from: &point) { point, gradient in
      gradient[0] = 2 * (point[0] - 3)
      return (point[0] - 3) * (point[0] - 3)
    }
    #expect(iterations == 0 && point == [3])
  }

  @Test func `where rounding hides any gain it ends`() {
    var point = [1.0]
    let iterations = LBFGS(tolerance: 0).minimise(from: &point) { point, gradient in
      gradient[0] = 1e-3 * (point[0] - 0.3) + 1e-9
      return 1e9 + 5e-4 * (point[0] - 0.3) * (point[0] - 0.3)
    }
    #expect(iterations < 100)
  }
}
