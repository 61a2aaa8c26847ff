import Differentiation
import Kernels
import Tensors
import Testing

/// Each operation's backward against its own forward, and here what several make together; a file for
/// each kind of operation.
@Suite struct GradientTests {
  static func filters(_ name: String, _ window: Int, _ channels: Int, _ count: Int) -> FlatEntry {
    FlatEntry(name: name, shape: [window, window, channels, count], kind: .weight, order: .filters)
  }

  static func norm(_ name: String, _ channels: Int) -> [FlatEntry] {
    [
      FlatEntry(name: name + ".weight", shape: [channels], kind: .vector),
      FlatEntry(name: name + ".bias", shape: [channels], kind: .vector),
      FlatEntry(name: name + ".running_mean", shape: [channels], kind: .statistic),
      FlatEntry(name: name + ".running_var", shape: [channels], kind: .statistic),
    ]
  }

  static func batchNorm(
    _ x: Variable, _ name: String, _ activation: Activation, _ tape: Tape
  ) -> Variable {
    let entry = { (part: String) in tape.entry("\(name).\(part)") }
    return batchNormalization(
      x,
      NormalizationEntries(
        scale: entry("weight"), shift: entry("bias"), runningMean: entry("running_mean"),
        runningVariance: entry("running_var")), epsilon: 1e-5, activation: activation, on: tape)
  }

  /// Smooth functions: the error is that of the difference quotient in Float.
  static let tolerance = 5e-3

  /// A sum whose one side is scaled channel by channel as it is loaded; both sides are the input.
  @Test(arguments: 1...3) func `a sum with a scaled side has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [FlatEntry(name: "gamma", shape: [13], kind: .vector)], input: [3, 9, 5, 13],
      seed: seed
    ) { x, tape in
      residualSum(
        channelScale(x, scale: tape.entry("gamma"), on: tape), x, activation: .identity, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// A residual block, with pending values going into a convolution and into the sum. ReLU's corners
  /// cost accuracy; a wrong term would cost everything.
  @Test(arguments: 1...3) func `a residual block has the slope's gradient`(_ seed: Int) {
    let entries =
      [Self.filters("a", 3, 4, 4), Self.filters("b", 3, 4, 4), Self.filters("s", 1, 4, 4)]
      + Self.norm("na", 4) + Self.norm("nb", 4) + Self.norm("ns", 4)
    let error = gradientCheckError(
      entries: entries, input: [2, 6, 6, 4], epsilon: 1e-3, seed: seed
    ) { x, tape in Self.block(x, tape) }
    #expect(error < 3e-2)
  }

  static func block(_ x: Variable, _ tape: Tape) -> Variable {
    let a = batchNorm(
      Differentiation.convolution(x, filters: tape.entry("a"), stride: 1, padding: 1, on: tape),
      "na", .relu, tape)
    let b = batchNorm(
      Differentiation.convolution(a, filters: tape.entry("b"), stride: 1, padding: 1, on: tape),
      "nb", .identity, tape)
    let s = batchNorm(
      Differentiation.convolution(x, filters: tape.entry("s"), stride: 1, padding: 0, on: tape),
      "ns", .identity, tape)
    // Both the sum's sides are pending, and the second sum reads `a` and the first sum again.
    let sum = residualSum(b, s, activation: .relu, on: tape)
    return residualSum(a, sum, activation: .identity, on: tape)
  }

  @Test(arguments: 1...3) func `pooling has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: Self.norm("n", 3), input: [2, 9, 8, 3], epsilon: 1e-3, seed: seed
    ) { x, tape in
      let pending = Self.batchNorm(x, "n", .identity, tape)
      return globalAveragePooling(
        maxPooling(pending, window: 3, stride: 2, padding: 1, on: tape), on: tape)
    }
    #expect(error < 2e-2)
  }
}

extension Tape {
  func entry(_ name: String) -> FlatEntry { parameters.weights.layout.entry(named: name)! }
}
