import Differentiation
import Kernels
import NeuralNetworks
import Support
import Tensors
import Testing

@testable import Models

/// Whole networks against PyTorch: one narrow net of each family, and the heads by themselves.
@Suite struct GoldenNetTests {
  struct Net: Sendable, CustomStringConvertible {
    let description: String
    /// The file, and what its tensors' names begin with.
    let file: String
    let prefix: String
    let make: @Sendable () -> Model
  }

  static let nets = [
    Net(description: "resnet18", file: "resnet18", prefix: "") {
      Model(classes: 5) {
        ResNet(
          .imageNet(.basic, blocks: [2, 2, 2, 2], width: 4), channels: 3, scope: $0)
      }
    },
    Net(description: "resnet50", file: "nets", prefix: "resnet50.") {
      Model(classes: 5) {
        ResNet(
          .imageNet(.bottleneck, blocks: [1, 1, 1, 1], width: 2), channels: 3, scope: $0
        )
      }
    },
    Net(description: "efficientnet-b0", file: "nets", prefix: "efficientnet-b0.") {
      Model(classes: 5) {
        EfficientNet(.init(width: 0.05, depth: 0.4), channels: 3, scope: $0)
      }
    },
    Net(description: "efficientnet-lite0", file: "nets", prefix: "efficientnet-lite0.") {
      Model(classes: 5) {
        EfficientNet(
          .init(width: 0.05, depth: 0.4, isLite: true, features: 32), channels: 3,
          scope: $0)
      }
    },
    Net(description: "mobilenetv3", file: "nets", prefix: "mobilenetv3.") {
      Model(classes: 5) {
        MobileNetV3(
          .init(
            stages: [
              [.init(window: 3, width: 16, filters: 16, excites: true, activation: .relu)],
              [
                .init(window: 3, width: 32, filters: 8, activation: .relu, stride: 2),
                .init(window: 5, width: 24, filters: 8, excites: true, activation: .relu),
              ],
              [
                .init(
                  window: 5, width: 32, filters: 16, excites: true, activation: .hardSwish,
                  stride: 2),
                .init(window: 3, width: 40, filters: 16, activation: .hardSwish),
              ],
            ], wideStages: 3, last: 24, features: 32), channels: 3, scope: $0)
      }
    },
    Net(description: "convnext", file: "nets", prefix: "convnext.") {
      Model(classes: 5) {
        ConvNeXt(
          .init(depths: [1, 1, 2, 1], widths: [8, 12, 16, 20]), channels: 3, scope: $0)
      }
    },
    Net(description: "vit", file: "nets", prefix: "vit.") {
      Model(classes: 5) {
        VisionTransformer(
          .init(patch: 8, depth: 2, width: 24, heads: 3), channels: 3, imageSize: 48,
          scope: $0)
      }
    },
    Net(description: "regularised head", file: "heads", prefix: "regularised.") {
      Model(classes: 5, head: .regularised, dropout: 0) { _ in MapGiven() }
    },
    Net(description: "attention head", file: "heads", prefix: "attention.") {
      Model(classes: 5, head: .attention) { _ in MapGiven() }
    },
  ]

  /// A net with its golden weights.
  struct Loaded {
    let net: Net
    let golden: Golden
    let model: Model
    let weights: FlatStore

    init(_ net: Net) throws {
      self.net = net
      golden = try Golden(net.file)
      model = net.make()
      weights = FlatStore.weights(model.layout)
      for entry in model.layout.entries {
        try golden.load("\(net.prefix)state.\(entry.name)", as: entry, into: weights)
      }
    }

    func tensor(_ name: String) throws -> Tensor { try golden.tensor(net.prefix + name) }

    /// Logits and gradient of the summed loss, with the batch's statistics.
    func step(
      threads: Int, _ convolutions: ConvolutionAlgorithm
    ) throws -> (logits: Tensor, loss: Double, gradient: FlatStore) {
      let gradient = FlatStore.gradient(model.layout)
      let tape = Tape(
        Parameters(weights: weights, gradient: gradient), mode: .training,
        pool: ThreadPool(threads: threads), convolutions: convolutions)
      let logits = model.network(
        Variable(try golden.tensor("input"), needsGradient: false), on: tape)
      let sums = CrossEntropyLoss(labelSmoothing: 0.1)(
        logits, Targets(try golden.integers("labels")), on: tape)
      tape.backward()
      return (logits.value, sums.loss, gradient)
    }
  }

  @Test(arguments: nets) func `names are PyTorch's`(_ net: Net) throws {
    let loaded = try Loaded(net)
    let names = loaded.golden.names.filter { $0.hasPrefix("\(net.prefix)state.") }
    let ours = loaded.model.layout.entries.map { "\(net.prefix)state.\($0.name)" }
    #expect(Set(ours) == Set(names))
  }

  @Test(arguments: nets) func `logits in evaluation are PyTorch's`(_ net: Net) throws {
    let loaded = try Loaded(net)
    let tape = Tape(
      Parameters(weights: loaded.weights), mode: .evaluation, pool: ThreadPool(threads: 2))
    let logits = loaded.model.network(
      Variable(try loaded.golden.tensor("input"), needsGradient: false), on: tape)
    #expect(largestDifference(logits.value, try loaded.tensor("eval_logits")) < 1e-4)
  }

  /// Winograd's coarser rounding may tip a ReLU over; by the definition nothing does here.
  @Test(
    arguments: nets,
    [(ConvolutionAlgorithm.direct, 1e-3), (ConvolutionAlgorithm.fastest, 3e-2)])
  func `a training step is PyTorch's`(
    _ net: Net, _ convolutions: (algorithm: ConvolutionAlgorithm, tolerance: Double)
  ) throws {
    let loaded = try Loaded(net)
    let (logits, loss, gradient) = try loaded.step(threads: 2, convolutions.algorithm)
    #expect(largestDifference(logits, try loaded.tensor("train_logits")) < 1e-4)
    let expectedLoss = Double(try loaded.tensor("loss_sum").values[0])
    #expect(abs(loss - expectedLoss) < 1e-5 * expectedLoss)

    // Ours is of the summed loss. A gradient that is zero but for rounding, of a shift that the next
    // normalisation takes away, is compared with a thousandth of the largest.
    let samples = Float(logits.shape[0])
    let expected = FlatStore.weights(loaded.model.layout)
    let parameters = loaded.model.layout.entries.filter { $0.kind != .statistic }
    for entry in parameters {
      try loaded.golden.load("\(net.prefix)gradient.\(entry.name)", as: entry, into: expected)
    }
    let largest = parameters.map { norm(expected.tensor($0).values) }.max() ?? 0
    for entry in parameters {
      let theirs = expected.tensor(entry).values
      let difference = zip(gradient.tensor(entry).values, theirs).map { $0 / samples - $1 }
      #expect(
        norm(difference) < convolutions.tolerance * max(norm(theirs), 1e-3 * largest),
        "\(entry.name)")
    }
    for entry in loaded.model.layout.entries where entry.kind == .statistic {
      // PyTorch's update: 0.9 of the old and 0.1 of the batch's.
      try loaded.golden.load("\(net.prefix)running.\(entry.name)", as: entry, into: expected)
      let running = zip(loaded.weights.tensor(entry).values, gradient.tensor(entry).values)
        .map { 0.9 * $0 + 0.1 * $1 / samples }
      #expect(
        largestDifference(Tensor(running, shape: entry.shape), expected.tensor(entry)) < 1e-5,
        "\(entry.name)")
    }
  }

  @Test(arguments: nets) func `any number of threads gives the same bits`(_ net: Net) throws {
    let loaded = try Loaded(net)
    func bits(threads: Int) throws -> [UInt32] {
      let (logits, _, gradient) = try loaded.step(threads: threads, .fastest)
      let values = UnsafeBufferPointer(start: gradient.pointer, count: gradient.count)
      return (logits.values + values).map(\.bitPattern)
    }
    let one = try bits(threads: 1)
    #expect(try bits(threads: 2) == one)
    #expect(try bits(threads: 3) == one)
  }

  private func norm(_ values: [Float]) -> Double {
    let sum = values.reduce(0) { $0 + Double($1) * Double($1) }
    return sum.isFinite ? sum.squareRoot() : .infinity
  }
}

/// Takes its images for the map.
private struct MapGiven: Backbone {
  let mapChannels = 32
  let classifier = ClassifierStyle("fc")
  func map(of images: Variable, on tape: Tape) -> Variable { images }
}
