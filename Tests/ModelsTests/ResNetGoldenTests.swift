import Differentiation
import Kernels
import Models
import NeuralNetworks
import Support
import Tensors
import Testing

/// The whole network against PyTorch: a ResNet-18 of 4 channels instead of 64.
@Suite struct ResNetGoldenTests {
  let golden: Golden
  let model = Model {
    ResNet(.imageNet(.basic, blocks: [2, 2, 2, 2], width: 4), channels: 3, classes: 5, scope: $0)
  }
  let weights: FlatStore
  let pool = ThreadPool(threads: 2)

  init() throws {
    golden = try Golden("resnet18")
    weights = FlatStore.weights(model.layout)
    for entry in model.layout.entries {
      try golden.load("state.\(entry.name)", as: entry, into: weights)
    }
  }

  @Test func namesAreTorchvisions() {
    let names = golden.names.filter { $0.hasPrefix("state.") }.map { String($0.dropFirst(6)) }
    #expect(Set(model.layout.entries.map(\.name)) == Set(names))
  }

  @Test func evaluationLogits() throws {
    let tape = Tape(Parameters(weights: weights), mode: .evaluation, pool: pool)
    let logits = model.network(
      Variable(try golden.tensor("input"), needsGradient: false), on: tape)
    #expect(largestDifference(logits.value, try golden.tensor("eval_logits")) < 1e-4)
  }

  /// Winograd's coarser rounding may tip a ReLU over; by the definition nothing does here.
  @Test(arguments: [
    (ConvolutionAlgorithm.direct, 1e-3), (ConvolutionAlgorithm.fastest, 3e-2),
  ]) func trainingStep(_ convolutions: ConvolutionAlgorithm, _ tolerance: Double) throws {
    let gradient = FlatStore.gradient(model.layout)
    let tape = Tape(
      Parameters(weights: weights, gradient: gradient), mode: .training, pool: pool,
      convolutions: convolutions)
    let images = try golden.tensor("input")
    let logits = model.network(Variable(images, needsGradient: false), on: tape)
    #expect(largestDifference(logits.value, try golden.tensor("train_logits")) < 1e-4)
    let sums = CrossEntropyLoss(labelSmoothing: 0.1)(
      logits, labels: try golden.integers("labels"), on: tape)
    tape.backward()
    let loss = Double(try golden.tensor("loss_sum").values[0])
    #expect(abs(sums.loss - loss) < 1e-5 * loss)

    let samples = Float(images.shape[0])
    for entry in model.layout.entries {
      let found = gradient.tensor(entry)
      let expected = FlatStore.weights(model.layout)
      if entry.kind == .statistic {
        // PyTorch's update: 0.9 of the old and 0.1 of the batch's.
        try golden.load("running.\(entry.name)", as: entry, into: expected)
        let running = Tensor(
          zip(weights.tensor(entry).values, found.values).map { 0.9 * $0 + 0.1 * $1 / samples },
          shape: entry.shape)
        #expect(largestDifference(running, expected.tensor(entry)) < 1e-5, "\(entry.name)")
      } else {
        // Ours is of the summed loss.
        try golden.load("gradient.\(entry.name)", as: entry, into: expected)
        let mean = Tensor(found.values.map { $0 / samples }, shape: entry.shape)
        #expect(relativeDistance(mean, expected.tensor(entry)) < tolerance, "\(entry.name)")
      }
    }
  }
}
