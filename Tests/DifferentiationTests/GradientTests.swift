import Differentiation
import Kernels
import Tensors
import Testing

/// Each operation's backward against its own forward.
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

  @Test(arguments: 1...3, [(3, 1, 1), (3, 2, 1), (7, 2, 3), (1, 1, 0), (1, 2, 0)])
  func `a convolution has the slope's gradient`(
    _ seed: Int, _ shape: (window: Int, stride: Int, padding: Int)
  ) {
    let error = gradientCheckError(
      entries: [Self.filters("w", shape.window, 5, 6)], input: [2, 9, 7, 5], seed: seed
    ) { x, tape in
      Differentiation.convolution(
        x, filters: tape.entry("w"), stride: shape.stride, padding: shape.padding, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// In groups; as many as channels is depthwise. The last ones are padded as TensorFlow does.
  @Test(
    arguments: 1...3,
    [
      (10, 3, 1, 1, 1), (10, 5, 1, 2, 2), (10, 7, 1, 3, 3), (10, 3, 2, 1, 1), (5, 3, 1, 1, 1),
      (2, 3, 2, 0, 1), (10, 3, 2, 0, 1), (10, 5, 2, 1, 2),
    ])
  func `a grouped convolution has the slope's gradient`(
    _ seed: Int, _ shape: (groups: Int, window: Int, stride: Int, padding: Int, paddingAfter: Int)
  ) {
    let filters = FlatEntry(
      name: "w", shape: [shape.window, shape.window, 10 / shape.groups, 10], kind: .weight,
      order: .filters)
    let error = gradientCheckError(entries: [filters], input: [2, 8, 8, 10], seed: seed) {
      x, tape in
      Differentiation.convolution(
        x, filters: tape.entry("w"), stride: shape.stride, padding: shape.padding,
        paddingAfter: shape.paddingAfter, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// Windows that tile the images, with a bias.
  @Test(arguments: 1...3)
  func `windows that tile the image have the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [
        Self.filters("w", 4, 3, 10), FlatEntry(name: "b", shape: [10], kind: .vector),
      ], input: [2, 9, 8, 3], seed: seed
    ) { x, tape in
      Differentiation.convolution(
        x, filters: tape.entry("w"), bias: tape.entry("b"), stride: 4, padding: 0, on: tape)
    }
    #expect(error < Self.tolerance)
  }

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

  @Test(arguments: 1...3, [Activation.identity, .silu, .gelu])
  func `batch norm has the slope's gradient`(_ seed: Int, _ activation: Activation) {
    let error = gradientCheckError(
      entries: Self.norm("n", 5), input: [3, 4, 4, 5], epsilon: 3e-3, seed: seed
    ) { x, tape in Self.batchNorm(x, "n", activation, tape) }
    #expect(error < Self.tolerance)
  }

  /// Of pending values, which the mean and the gate see activated. The hard gate's corners are out of
  /// the steps' reach.
  @Test(
    arguments: 1...3,
    [
      SqueezeExciteFunctions(activation: .silu, gate: .sigmoid),
      SqueezeExciteFunctions(activation: .silu, gate: .hardSigmoid),
    ])
  func `squeeze and excitation has the slope's gradient`(
    _ seed: Int, _ functions: SqueezeExciteFunctions
  ) {
    let (channels, reduced) = (10, 3)
    let entries = [
      FlatEntry(
        name: "reduce", shape: [1, 1, channels, reduced], kind: .weight, order: .filters),
      FlatEntry(name: "reduceBias", shape: [reduced], kind: .vector),
      FlatEntry(
        name: "expand", shape: [1, 1, reduced, channels], kind: .weight, order: .filters),
      FlatEntry(name: "expandBias", shape: [channels], kind: .vector),
    ]
    let error = gradientCheckError(
      entries: entries + Self.norm("n", channels), input: [3, 5, 4, channels], epsilon: 3e-3,
      seed: seed
    ) { x, tape in
      squeezeExcite(
        Self.batchNorm(x, "n", .silu, tape),
        SqueezeExciteEntries(
          reduce: tape.entry("reduce"), reduceBias: tape.entry("reduceBias"),
          expand: tape.entry("expand"), expandBias: tape.entry("expandBias")),
        functions: functions, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// The mean over an image of values that are still to be activated.
  @Test(arguments: 1...3) func `the mean of pending values has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: Self.norm("n", 9), input: [2, 5, 4, 9], epsilon: 3e-3, seed: seed
    ) { x, tape in globalAveragePooling(Self.batchNorm(x, "n", .silu, tape), on: tape) }
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

  @Test(arguments: 1...3) func `a linear layer has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [
        FlatEntry(name: "w", shape: [7, 4], kind: .weight, order: .transposed),
        FlatEntry(name: "b", shape: [4], kind: .vector),
      ], input: [5, 7], seed: seed
    ) { x, tape in linear(x, weight: tape.entry("w"), bias: tape.entry("b"), on: tape) }
    #expect(error < Self.tolerance)
  }

  /// With an activation behind it, and with a sum. Batches of tokens are rows like any others.
  @Test(arguments: 1...3) func `a perceptron has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [
        FlatEntry(name: "a", shape: [9, 20], kind: .weight, order: .transposed),
        FlatEntry(name: "ab", shape: [20], kind: .vector),
        FlatEntry(name: "b", shape: [20, 9], kind: .weight, order: .transposed),
        FlatEntry(name: "bb", shape: [9], kind: .vector),
      ], input: [3, 5, 9], seed: seed
    ) { x, tape in
      let hidden = linear(
        x, weight: tape.entry("a"), bias: tape.entry("ab"), activation: .gelu, on: tape)
      return linear(hidden, weight: tape.entry("b"), bias: tape.entry("bb"), adding: x, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  @Test(arguments: 1...3) func `layer norm has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [
        FlatEntry(name: "w", shape: [21], kind: .vector),
        FlatEntry(name: "b", shape: [21], kind: .vector),
      ], input: [3, 70, 21], epsilon: 3e-3, seed: seed
    ) { x, tape in
      layerNormalization(
        x, scale: tape.entry("w"), shift: tape.entry("b"), epsilon: 1e-6, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// Of all tokens, and of the first alone.
  @Test(arguments: 1...3, [1, 7])
  func `attention has the slope's gradient`(_ seed: Int, _ queries: Int) {
    let error = gradientCheckError(
      entries: [], input: [3, 7, 3 * 10], epsilon: 3e-3, seed: seed
    ) { x, tape in Differentiation.attention(x, heads: 2, queries: queries, on: tape) }
    #expect(error < Self.tolerance)
  }

  @Test(arguments: 1...3) func `patches with positions have the slope's gradient`(_ seed: Int) {
    let entries = [
      FlatEntry(name: "w", shape: [4, 4, 3, 10], kind: .weight, order: .filters),
      FlatEntry(name: "b", shape: [10], kind: .vector),
      FlatEntry(name: "cls", shape: [1, 1, 10], kind: .vector),
      FlatEntry(name: "pos", shape: [1, 7, 10], kind: .vector),
    ]
    let error = gradientCheckError(entries: entries, input: [3, 8, 12, 3], seed: seed) {
      x, tape in
      let all = tokens(
        of: x,
        TokenEntries(
          filters: tape.entry("w"), bias: tape.entry("b"), classToken: tape.entry("cls"),
          position: tape.entry("pos")), on: tape)
      let first = firstTokens(all, 2, on: tape)
      // Both the tokens and the first of them are read.
      let sum = residualSum(
        first, firstTokens(all, 2, on: tape), activation: .identity, on: tape)
      return reshaped(sum, to: [3, 20], on: tape)
    }
    #expect(error < Self.tolerance)
  }

  /// A learned token before a map's positions, whose normalisation is pending.
  @Test(arguments: 1...3) func `a prepended token has the slope's gradient`(_ seed: Int) {
    let entries = Self.norm("n", 10) + [FlatEntry(name: "t", shape: [1, 1, 10], kind: .vector)]
    let error = gradientCheckError(
      entries: entries, input: [3, 2, 4, 10], epsilon: 3e-3, seed: seed
    ) { x, tape in
      let map = finished(Self.batchNorm(x, "n", .silu, tape), on: tape)
      return withToken(tape.entry("t"), before: map, on: tape)
    }
    #expect(error < Self.tolerance)
  }

  @Test(arguments: 1...3) func `dropout has the slope's gradient`(_ seed: Int) {
    let randomness = Randomness(seed: UInt64(seed), epoch: 2, positions: [7, 3, 12])
    let error = gradientCheckError(
      entries: [], input: [3, 50], seed: seed, randomness: randomness
    ) { x, tape in Differentiation.dropout(x, rate: 0.4, stream: .layer("d"), on: tape) }
    #expect(error < Self.tolerance)
  }

  /// A normalisation by statistics that stand still, alone and with the rest of the layer.
  @Test(arguments: 1...3, [(false, Activation.identity), (false, .silu), (true, .silu)])
  func `batch norm of frozen statistics has the slope's gradient`(
    _ seed: Int, _ layer: (isFrozen: Bool, activation: Activation)
  ) {
    let names = ["running_mean", "running_var"] + (layer.isFrozen ? ["weight", "bias"] : [])
    let error = gradientCheckError(
      entries: Self.norm("n", 7), input: [3, 5, 4, 7], epsilon: 3e-3, seed: seed,
      frozen: Set(names.map { "n.\($0)" })
    ) { x, tape in Self.batchNorm(x, "n", layer.activation, tape) }
    #expect(error < Self.tolerance)
  }

  /// A parameter used twice gets the sum of both gradients.
  @Test(arguments: 1...3) func `a parameter used twice has the slope's gradient`(_ seed: Int) {
    let error = gradientCheckError(
      entries: [Self.filters("w", 3, 4, 4)], input: [2, 5, 5, 4], seed: seed
    ) { x, tape in
      let once = Differentiation.convolution(
        x, filters: tape.entry("w"), stride: 1, padding: 1, on: tape)
      return Differentiation.convolution(
        once, filters: tape.entry("w"), stride: 1, padding: 1, on: tape)
    }
    #expect(error < Self.tolerance)
  }
}

extension Tape {
  func entry(_ name: String) -> FlatEntry { parameters.weights.layout.entry(named: name)! }
}
