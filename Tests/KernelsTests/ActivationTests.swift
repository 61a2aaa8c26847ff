import Glibc
import Testing
@testable import Kernels

/// The functions behind the activations against the C library's in Double, as vectors and one by
/// one.
@Suite struct ActivationTests {
  static let range = stride(from: Float(-100), through: 100, by: 0.037).map { $0 }

  /// What vectors and scalars give must be the same bits: where the vector part of a row ends must
  /// not show.
  private func values(_ function: (any LanesFunction)) -> [Float] {
    let x = Self.range
    let one = x.map { function($0) }
    for start in stride(from: 0, to: x.count - 8, by: 8) {
      let vector = function(SIMD8<Float>(x[start..<(start + 8)]))
      for lane in 0..<8 { #expect(vector[lane] == one[start + lane]) }
    }
    return one
  }

  @Test func `the exponential agrees with Double`() {
    struct Function: LanesFunction {
      func callAsFunction<L: Lanes>(_ x: L) -> L { x.exponential() }
    }
    for (x, y) in zip(Self.range, values(Function())) {
      let expected = exp(Double(min(max(x, -87), 88)))
      #expect(abs(Double(y) - expected) < 1.5e-7 * expected, "\(x)")
    }
    #expect(Float.nan.exponential().isNaN)
    #expect(Float(0).exponential() == 1)
  }

  @Test func `the normal distribution agrees with Double`() {
    struct Below: LanesFunction {
      func callAsFunction<L: Lanes>(_ x: L) -> L { x.normalDistribution().below }
    }
    for (x, y) in zip(Self.range, values(Below())) {
      #expect(abs(Double(y) - 0.5 * erfc(-Double(x) / 2.squareRoot())) < 3e-7, "\(x)")
    }
  }

  @Test(arguments: [Activation.relu, .relu6, .silu, .hardSwish, .gelu])
  func `agrees with Double`(_ activation: Activation) {
    struct Function: LanesFunction {
      let activation: Activation
      func callAsFunction<L: Lanes>(_ x: L) -> L { activation(x) }
    }
    struct Slope: LanesFunction {
      let activation: Activation
      func callAsFunction<L: Lanes>(_ x: L) -> L {
        activation.gradient(L(repeating: 1), at: x)
      }
    }
    let found = values(Function(activation: activation))
    let slopes = values(Slope(activation: activation))
    for (i, x) in Self.range.enumerated() {
      let x = Double(x)
      let expected = reference(activation, x)
      #expect(abs(Double(found[i]) - expected) < 1e-6 * max(abs(x), 1), "\(x)")
      // Away from the corners a difference quotient in Double is good to 1e-9.
      guard [-3.0, 0, 3, 6].allSatisfy({ abs(x - $0) > 1e-2 }) else { continue }
      let slope = (reference(activation, x + 1e-5) - reference(activation, x - 1e-5)) / 2e-5
      #expect(abs(Double(slopes[i]) - slope) < 2e-6, "\(x)")
    }
    #expect(activation(Float.nan).isNaN)
  }
}

protocol LanesFunction {
  func callAsFunction<L: Lanes>(_ x: L) -> L
}

/// The activations by their definition.
func reference(_ activation: Activation, _ x: Double) -> Double {
  switch activation {
  case .identity: x
  case .relu: max(x, 0)
  case .relu6: min(max(x, 0), 6)
  case .silu: x / (1 + exp(-x))
  case .hardSwish: x * min(max(x + 3, 0), 6) / 6
  case .gelu: x * 0.5 * erfc(-x / 2.squareRoot())
  }
}
