import Differentiation
import Kernels
import Support
import Tensors
import Testing

/// What the tape holds of the forward pass: no more than backward reads, and no longer than that.
@Suite struct KeptTests {
  /// An operation, and whether its product reads its input and its output again.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var entries: [FlatEntry] = []
    var input: Shape = [2, 4, 4, 5]
    let keepsInput: Bool
    let keepsOutput: Bool
    let function: @Sendable (Variable, Tape) -> Variable
  }

  private static func vector(_ name: String, _ count: Int) -> FlatEntry {
    FlatEntry(name: name, shape: [count], kind: .vector)
  }

  private static func matrix(_ inputs: Int, _ outputs: Int) -> [FlatEntry] {
    [
      FlatEntry(name: "w", shape: [inputs, outputs], kind: .weight, order: .transposed),
      vector("b", outputs),
    ]
  }

  static let cases: [Case] = [
    Case(
      testDescription: "convolution", entries: [GradientTests.filters("w", 3, 5, 6)],
      keepsInput: true, keepsOutput: false
    ) { convolution($0, filters: $1.entry("w"), stride: 1, padding: 1, on: $1) },
    // Pending values share the memory of the raw ones.
    Case(
      testDescription: "batchNormalization", entries: GradientTests.norm("n", 5),
      keepsInput: true, keepsOutput: true
    ) { GradientTests.batchNorm($0, "n", .silu, $1) },
    Case(
      testDescription: "finished", entries: GradientTests.norm("n", 5), keepsInput: true,
      keepsOutput: false
    ) { finished(GradientTests.batchNorm($0, "n", .silu, $1), on: $1) },
    Case(testDescription: "maxPooling", keepsInput: true, keepsOutput: true) {
      maxPooling($0, window: 2, stride: 2, padding: 0, on: $1)
    },
    Case(testDescription: "globalAveragePooling", keepsInput: false, keepsOutput: false) {
      globalAveragePooling($0, on: $1)
    },
    Case(
      testDescription: "linear", entries: matrix(5, 5), keepsInput: true, keepsOutput: false
    ) { linear($0, weight: $1.entry("w"), bias: $1.entry("b"), adding: $0, on: $1) },
    Case(
      testDescription: "linear, activated", entries: matrix(5, 7), keepsInput: true,
      keepsOutput: false
    ) { linear($0, weight: $1.entry("w"), bias: $1.entry("b"), activation: .gelu, on: $1) },
    Case(
      testDescription: "layerNormalization", entries: [vector("w", 5), vector("b", 5)],
      keepsInput: true, keepsOutput: false
    ) {
      layerNormalization($0, scale: $1.entry("w"), shift: $1.entry("b"), epsilon: 1e-6, on: $1)
    },
    Case(testDescription: "attention", input: [2, 3, 24], keepsInput: true, keepsOutput: false) {
      attention($0, heads: 2, queries: 3, on: $1)
    },
    Case(testDescription: "dropout", keepsInput: false, keepsOutput: false) {
      dropout($0, rate: 0.5, stream: .layer("d"), on: $1)
    },
    Case(
      testDescription: "channelScale", entries: [vector("s", 5)], keepsInput: true,
      keepsOutput: true
    ) { channelScale($0, scale: $1.entry("s"), on: $1) },
    Case(testDescription: "residualSum", keepsInput: false, keepsOutput: false) {
      residualSum($0, $0, activation: .identity, on: $1)
    },
    Case(testDescription: "residualSum, activated", keepsInput: false, keepsOutput: true) {
      residualSum($0, $0, activation: .relu, on: $1)
    },
    Case(
      testDescription: "squeezeExcite",
      entries: [
        GradientTests.filters("r", 1, 5, 2), vector("rb", 2), GradientTests.filters("e", 1, 2, 5),
        vector("eb", 5),
      ], keepsInput: false, keepsOutput: true
    ) {
      let entries = SqueezeExciteEntries(
        reduce: $1.entry("r"), reduceBias: $1.entry("rb"), expand: $1.entry("e"),
        expandBias: $1.entry("eb"))
      let functions = SqueezeExciteFunctions(activation: .silu, gate: .sigmoid)
      return squeezeExcite($0, entries, functions: functions, on: $1)
    },
    Case(
      testDescription: "withToken",
      entries: [FlatEntry(name: "t", shape: [1, 1, 5], kind: .vector)], keepsInput: false,
      keepsOutput: false
    ) { withToken($1.entry("t"), before: $0, on: $1) },
    Case(testDescription: "firstTokens", input: [2, 3, 24], keepsInput: false, keepsOutput: false) {
      firstTokens($0, 2, on: $1)
    },
    Case(testDescription: "reshaped", keepsInput: false, keepsOutput: false) {
      reshaped($0, to: [2, 80], on: $1)
    },
    Case(testDescription: "replaying", keepsInput: true, keepsOutput: false) {
      $1.replaying($0) { residualSum($0, $0, activation: .relu, on: $1) }
    },
  ]

  private func tape(_ entries: [FlatEntry]) -> Tape {
    let layout = FlatLayout(entries)
    return Tape(
      Parameters(weights: .weights(layout), gradient: .gradient(layout)), mode: .training,
      pool: ThreadPool(threads: 1), randomness: Randomness(seed: 1, epoch: 0, positions: [0, 1]))
  }

  @Test(arguments: cases) func `the tape keeps what its product reads`(_ operation: Case) {
    let tape = tape(operation.entries)
    weak var input: Storage?
    weak var output: Storage?
    weak var slot: GradientSlot?
    // In a function of its own, after which the tape alone can hold the values.
    func forward() {
      let x = Variable(randomTensor(operation.input, seed: 1), needsGradient: true)
      let y = operation.function(x, tape)
      (input, output, slot) = (x.value.storage, y.value.storage, x.slot)
      y.receiveGradient(sharing: randomTensor(y.shape, seed: 2), pool: tape.pool)
    }
    forward()
    #expect((input != nil) == operation.keepsInput, "the input")
    #expect((output != nil) == operation.keepsOutput, "the output")
    #expect(slot != nil)
    tape.backward()
    #expect(input == nil && output == nil && slot == nil)
  }

  /// Memory falls all the way through backward, not at its end.
  @Test func `backward lets go of what it has consumed`() {
    let tape = tape([GradientTests.filters("a", 3, 5, 5), GradientTests.filters("b", 3, 5, 5)])
    weak var between: Storage?
    var isGone: Bool?
    func forward() {
      let x = Variable(randomTensor([2, 4, 4, 5], seed: 1), needsGradient: true)
      let a = convolution(x, filters: tape.entry("a"), stride: 1, padding: 1, on: tape)
      let copy = Variable(a.value.copy(), needsGradient: true)
      between = copy.value.storage
      let (slot, pool) = (a.slot, tape.pool)
      tape.record(copy) { gradient in
        isGone = between == nil
        slot.receiveGradient(sharing: gradient, pool: pool)
      }
      let b = convolution(copy, filters: tape.entry("b"), stride: 1, padding: 1, on: tape)
      b.receiveGradient(sharing: randomTensor(b.shape, seed: 2), pool: pool)
    }
    forward()
    #expect(between != nil)
    tape.backward()
    #expect(isGone == true)
  }
}
