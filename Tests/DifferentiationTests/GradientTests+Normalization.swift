import Differentiation
import Kernels
import Tensors
import Testing

/// Normalisations, and what reads their pending values.
extension GradientTests {
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
}
