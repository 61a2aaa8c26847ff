import Models
import NeuralNetworks
import Optimizers
import Support
import Tensors
import Testing
import Training

/// Whole training steps against PyTorch: the narrow ResNet-18 of `Tests/Golden/training.py`, whose
/// docstring describes batches, loss and optimiser.
@Suite struct TrajectoryTests {
  let golden: Golden
  let model = Model(classes: 5) {
    ResNet(.imageNet(.basic, blocks: [2, 2, 2, 2], width: 4), channels: 3, scope: $0)
  }

  init() throws { golden = try Golden("training") }

  @Test func `images are the generator's`() throws {
    let images = goldenImages(seed: 2, batch: 0, count: 1, side: 48)
    #expect(images.values == (try golden.tensor("image").values))
  }

  /// At a learning rate of 1e-4 rounding grows slowly. PyTorch's two memory layouts differ by 7e-4
  /// over these 20 steps.
  @Test func `twenty steps have PyTorch's losses`() throws {
    let losses = try train(steps: 20, learningRate: 1e-4, schedule: ConstantSchedule(), total: 20)
    let expected = try golden.tensor("constant.contiguous.losses").values.map(Double.init)
    let other = try golden.tensor("constant.channels_last.losses").values.map(Double.init)
    let noise = zip(expected, other).map { abs($0 - $1) }.max() ?? 0
    #expect(abs(losses[0] - expected[0]) < 1e-5)
    #expect(abs(losses[1] - expected[1]) < 1e-3)
    for step in 0..<20 {
      #expect(abs(losses[step] - expected[step]) < max(1e-2, 3 * noise), "step \(step + 1)")
    }
  }

  @Test func `steps of OneCycle have PyTorch's losses`() throws {
    let losses = try train(steps: 3, learningRate: 1e-3, schedule: OneCycle(), total: 30)
    let expected = try golden.tensor("onecycle.contiguous.losses").values.map(Double.init)
    for step in 0..<3 { #expect(abs(losses[step] - expected[step]) < 1e-4, "step \(step + 1)") }
  }

  /// The emotion recipe's parts together: focal loss with weights of classes, MixUp, smoothing, clipping, and
  /// OneCycle with its momentum.
  @Test func `twenty steps of a whole recipe have PyTorch's losses`() throws {
    let shares = try golden.floats("recipe.shares")
    let losses = try train(
      steps: 20, learningRate: 1e-4,
      schedule: OneCycle(warmup: .share(0.3), momenta: 0.85...0.95), total: 20,
      loss: FocalLoss(
        gamma: 2, alpha: 0.25, labelSmoothing: 0.1, classWeights: [0.5, 2, 1.25, 0.25, 3]),
      shares: shares)
    let expected = try golden.tensor("recipe.contiguous.losses").values.map(Double.init)
    let other = try golden.tensor("recipe.channels_last.losses").values.map(Double.init)
    let noise = zip(expected, other).map { abs($0 - $1) }.max() ?? 0
    #expect(abs(losses[0] - expected[0]) < 1e-5)
    #expect(abs(losses[1] - expected[1]) < 1e-3)
    for step in 0..<20 {
      #expect(abs(losses[step] - expected[step]) < max(1e-3, 3 * noise), "step \(step + 1)")
    }
  }

  /// Images `[N,H,W,C]`, each mixed with the one before it, the first with the last.
  private func mixed(_ images: Tensor, share: Float) -> Tensor {
    let (values, count) = (images.values, images.shape[0])
    let size = images.count / count
    return Tensor(
      values.indices.map { place in
        let (image, rest) = place.quotientAndRemainder(dividingBy: size)
        let before = (image + count - 1) % count
        return share * values[place] + (1 - share) * values[before * size + rest]
      }, shape: images.shape)
  }

  /// The mean loss of each step.
  ///
  /// - Parameter shares: of each step's images in what they are mixed to; nil where none is.
  private func train(
    steps: Int, learningRate: Double, schedule: any Schedule, total: Int,
    loss: any Loss = CrossEntropyLoss(labelSmoothing: 0.1), shares: [Float]? = nil
  ) throws -> [Double] {
    let layout = model.layout
    let weights = FlatStore.weights(layout)
    let initial = try Golden("resnet18")
    for entry in layout.entries {
      try initial.load("state.\(entry.name)", as: entry, into: weights)
    }
    let gradient = FlatStore.gradient(layout)
    let rule = AdamW(weightDecay: 1e-4)
    let moments = ShardedMoments(names: rule.momentNames, range: layout.parameters)
    let clipping = GradientClipping(maximumNorm: 1)
    let pool = ThreadPool(threads: 2)
    let batches = (0..<4).map { goldenImages(seed: 2, batch: $0, count: 8, side: 48) }
    return (0..<steps).map { step in
      let batch = step % 4
      let labels = (0..<8).map { ($0 + batch) % 5 }
      let share = shares?[step] ?? 1
      let second = Targets.SecondLabels(
        [labels[7]] + labels[..<7], firstShares: labels.map { _ in share })
      runMicroBatch(
        MicroBatch(
          images: share < 1 ? mixed(batches[batch], share: share) : batches[batch],
          targets: Targets(labels, second: share < 1 ? second : nil)),
        network: model.network, loss: loss, weights: weights, gradient: gradient, pool: pool)
      let norm = layout.parameters.reduce(0.0) {
        $0 + Double(gradient.pointer[$1]) * Double(gradient.pointer[$1])
      }.squareRoot()
      let weight = Double(gradient[.weight])
      rule.withMomentum(
        schedule.momentum(
          step: step, of: TrainingLength(steps: total, stepsPerEpoch: total))
      ).apply(
        layout.parameters, of: layout, weights: weights.pointer, gradient: gradient.pointer,
        moments: moments, step: step + 1,
        learningRate: learningRate
          * schedule.factor(
            step: step, of: TrainingLength(steps: total, stepsPerEpoch: total)),
        gradientScale: clipping.scale(norm: norm / weight, weight: weight))
      return Double(gradient[.loss]) / weight
    }
  }
}
