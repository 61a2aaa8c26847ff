import Differentiation
import Kernels
import Support
import Tensors
import Testing

/// Each operation against PyTorch, forward and backward. Both round fp32 sums in their own order;
/// 1e-5 of the largest value is three times what was measured.
@Suite struct OperationGoldenTests {
  static let tolerance = 1e-5
  let golden: Golden

  init() throws { golden = try Golden("operations") }

  /// Runs `function` on the file's `NAME.input` and parameters, and compares what the file has.
  private func check(
    _ name: String, entries: [FlatEntry], function: (Variable, Tape) -> Variable
  ) throws {
    let layout = FlatLayout(entries)
    let weights = FlatStore.weights(layout)
    for entry in layout.entries where entry.kind != .statistic {
      try golden.load("\(name).\(entry.name)", as: entry, into: weights)
    }
    let gradient = FlatStore.gradient(layout)
    let pool = ThreadPool(threads: 1)
    let tape = Tape(
      Parameters(weights: weights, gradient: gradient), mode: .training, pool: pool)
    let x = Variable(try golden.tensor("\(name).input"), needsGradient: true)
    let y = function(x, tape)
    let output = Tensor(finished(y), shape: y.shape)
    #expect(largestDifference(output, try golden.tensor("\(name).output")) < Self.tolerance)
    y.receiveGradient(sharing: try golden.tensor("\(name).output_gradient"), pool: pool)
    tape.backward()
    let inputGradient = try #require(x.takeGradient())
    #expect(
      largestDifference(inputGradient, try golden.tensor("\(name).input_gradient"))
        < Self.tolerance)
    for entry in layout.entries where entry.kind != .statistic {
      let expected = FlatStore.gradient(layout)
      try golden.load("\(name).\(entry.name)_gradient", as: entry, into: expected)
      #expect(
        largestDifference(gradient.tensor(entry), expected.tensor(entry)) < Self.tolerance,
        "\(name).\(entry.name)")
    }
    // Statistics travel as sums over samples.
    let samples = Float(x.shape[0])
    let count = Double(x.value.count / max(x.shape[x.shape.rank - 1], 1))
    for entry in layout.entries where entry.kind == .statistic {
      let isMean = entry.name == "running_mean"
      let expected = try golden.tensor("\(name).\(isMean ? "mean" : "variance")")
      let unbiased = isMean ? 1 : Float(count / (count - 1))
      let scaled = Tensor(expected.values.map { $0 * samples * unbiased }, shape: expected.shape)
      #expect(largestDifference(gradient.tensor(entry), scaled) < Self.tolerance)
    }
  }

  @Test(arguments: [
    ("conv7x7s2", 7, 2, 3), ("conv3x3s1", 3, 1, 1), ("conv3x3s2", 3, 2, 1), ("conv1x1s1", 1, 1, 0),
    ("conv1x1s2", 1, 2, 0), ("conv3x3s1wide", 3, 1, 1),
  ])
  func `convolutions are PyTorch's`(
    _ name: String, _ window: Int, _ stride: Int, _ padding: Int
  ) throws {
    let shape = try golden.tensor("\(name).weight").shape  // [K, C, R, S]
    try check(
      name, entries: [GradientTests.filters("weight", window, shape[1], shape[0])]
    ) { x, tape in
      convolution(
        x, filters: tape.entry("weight"), stride: stride, padding: padding, on: tape)
    }
  }

  @Test(arguments: ["batchnorm", "batchnorm_relu", "batchnorm_residual_relu"])
  func `batch norm is PyTorch's`(_ name: String) throws {
    let channels = try golden.tensor("\(name).weight").count
    let entries = [
      FlatEntry(name: "weight", shape: [channels], kind: .vector),
      FlatEntry(name: "bias", shape: [channels], kind: .vector),
      FlatEntry(name: "running_mean", shape: [channels], kind: .statistic),
      FlatEntry(name: "running_var", shape: [channels], kind: .statistic),
    ]
    let residual =
      name == "batchnorm_residual_relu"
      ? Variable(try golden.tensor("\(name).residual"), needsGradient: true) : nil
    try check(name, entries: entries) { x, tape in
      let pending = batchNormalization(
        x,
        NormalizationEntries(
          scale: tape.entry("weight"), shift: tape.entry("bias"),
          runningMean: tape.entry("running_mean"), runningVariance: tape.entry("running_var")),
        epsilon: 1e-5, activation: name == "batchnorm_relu" ? .relu : .identity, on: tape)
      guard let residual else { return pending }
      return residualSum(pending, residual, activation: .relu, on: tape)
    }
    if let residual {
      let gradient = try #require(residual.takeGradient())
      let expected = try golden.tensor("\(name).residual_gradient")
      #expect(largestDifference(gradient, expected) < Self.tolerance)
    }
  }

  @Test func `max pooling is PyTorch's`() throws {
    try check("maxpool", entries: []) { x, tape in
      maxPooling(x, window: 3, stride: 2, padding: 1, on: tape)
    }
  }

  @Test func `average pooling is PyTorch's`() throws {
    try check("avgpool", entries: []) { x, tape in globalAveragePooling(x, on: tape) }
  }

  @Test func `a linear layer is PyTorch's`() throws {
    let shape = try golden.tensor("linear.weight").shape  // [out, in]
    try check(
      "linear",
      entries: [
        FlatEntry(
          name: "weight", shape: [shape[1], shape[0]], kind: .weight, order: .transposed),
        FlatEntry(name: "bias", shape: [shape[0]], kind: .vector),
      ]
    ) { x, tape in linear(x, weight: tape.entry("weight"), bias: tape.entry("bias"), on: tape) }
  }
}
