import Differentiation
import Kernels
import Tensors
import Testing

/// Rows of features: linear layers, attention, tokens, dropout.
extension GradientTests {
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

  /// Of all tokens, and of the first alone.
  @Test(arguments: 1...3, [1, 7])
  func `attention has the slope's gradient`(_ seed: Int, _ queries: Int) {
    let error = gradientCheckError(
      entries: [], input: [3, 7, 3 * 10], epsilon: 3e-3, seed: seed
    ) { x, tape in Differentiation.attention(x, heads: 2, queries: queries, on: tape) }
    #expect(error < Self.tolerance)
  }

  /// As many patches as positions, and more and fewer.
  @Test(arguments: 1...3, [(6, [8, 12]), (4, [12, 8]), (9, [8, 4])])
  func `patches with positions have the slope's gradient`(
    _ seed: Int, _ sizes: (positions: Int, image: [Int])
  ) {
    let entries = [
      FlatEntry(name: "w", shape: [4, 4, 3, 10], kind: .weight, order: .filters),
      FlatEntry(name: "b", shape: [10], kind: .vector),
      FlatEntry(name: "cls", shape: [1, 1, 10], kind: .vector),
      FlatEntry(name: "pos", shape: [1, 1 + sizes.positions, 10], kind: .vector),
    ]
    let error = gradientCheckError(
      entries: entries, input: Shape([3] + sizes.image + [3]), seed: seed
    ) {
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

  @Test(arguments: 1...3) func `stochastic depth has the slope's gradient`(_ seed: Int) {
    let randomness = Randomness(seed: UInt64(seed), epoch: 2, positions: [7, 3, 12, 5])
    let error = gradientCheckError(
      entries: [], input: [4, 3, 3, 5], seed: seed, randomness: randomness
    ) { x, tape in
      residualSum(
        Differentiation.stochasticDepth(x, rate: 0.5, stream: .layer("d"), on: tape), x,
        activation: .identity, on: tape)
    }
    #expect(error < Self.tolerance)
  }
}
