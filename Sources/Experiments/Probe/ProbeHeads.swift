import DataParallel
import Datasets
import Inference
import MPI
import Models
import NeuralNetworks
import Recipes
import Tensors
import Timelines
import Training

/// The heads of a probe: for each fold a linear and a regularised one, fitted on the other folds'
/// photos, and a linear one of the training photos, for the model. The folds are dealt out to the
/// ranks, and a head is one rank's work, so that it is the same for any number of them.
struct ProbeHeads {
  /// Logits `[photos, classes]` of the photos that each fold holds out, by its linear head.
  let linear: [[Float]]
  /// The same by its regularised head.
  let regularised: [[Float]]
  /// What was chosen for each fold's linear head, as `LogisticRegression.inversePenalty`.
  let inversePenalties: [Double]
  /// What was chosen for the model's head.
  let modelInversePenalty: Double
  /// The iterations of each fold's linear head.
  let iterations: [Int]
  /// The iterations of the model's head.
  let modelIterations: Int
  /// The steps of each fold's regularised head.
  let steps: [Int]
  /// The model's head, `[features, classes]` and `[classes]`.
  let layer: (weight: [Float], bias: [Float])

  /// Collective.
  ///
  /// - Parameters:
  ///   - inner: for each fold, and last for the model, which photos of the pool are to be fitted
  ///     (`train`) and which choose the penalty (`validation`).
  ///   - features: of the pool's photos, in its order.
  static func fit(
    _ pool: FoldedPool, inner: [Splits], _ features: Features, _ experiment: Experiment,
    threads: Int, world: World
  ) throws -> ProbeHeads {
    let communicator = world.communicator
    let dataset = experiment.dataset
    let classes = dataset.classes.count
    let targets = Targets(of: pool.indices, in: dataset)
    let places = Dictionary(uniqueKeysWithValues: zip(pool.indices, 0...))
    func rows(_ samples: [Int]) -> [Int] { samples.compactMap { places[$0] } }

    let head = Model(regularisedHeadOver: features.width, classes: classes)
    let first = head.initialWeights(seed: UInt64(experiment.recipe.training.seed))
    try communicator.broadcast(first)
    let (alone, threads) = (
      try communicator.split(color: communicator.rank, key: 0), ThreadPool(threads: threads)
    )

    var own: (linear: [Float], regularised: [Float], numbers: [Double]) = ([], [], [])
    var layer: (weight: [Float], bias: [Float]) = ([], [])
    let shares = LeafIntervals.even(pool.count + 1, ranks: communicator.size)
    try Activity.during("fitting", of: shares[communicator.rank].count, "heads") { activity in
      for part in shares[communicator.rank] {
        let fit = LogisticRegression(
          choosingBy: rows(inner[part].validation), training: rows(inner[part].train), of: features,
          targets: targets, classes: classes)
        own.numbers += [fit.inversePenalty, Double(fit.iterations)]
        activity.advance()
        guard part < pool.count else {
          layer = fit.linearLayer
          continue
        }
        let heldOut = rows(pool.indices(in: part))
        own.linear += fit.logits(of: features, rows: heldOut).map { Float($0) }
        let outside = pool.indices(outside: part)
        let training = HeadTraining(
          head, experiment.trainingSettings(on: outside), over: alone, pool: threads)
        let weights = first.copy()
        let steps = try training.train(
          weights, on: features, rows: rows(outside), targets: targets)
        own.regularised += training.logits(weights, of: features, rows: heldOut)
        own.numbers.append(Double(steps))
      }
    }

    // Ranks may have a fold more or less, which with many photos is minutes.
    let all = try world.status.withoutDeadline {
      (
        linear: try communicator.gatherInOrder(own.linear),
        regularised: try communicator.gatherInOrder(own.regularised),
        numbers: try communicator.gatherInOrder(own.numbers)
      )
    }
    let counts = (0..<pool.count).map { pool.indices(in: $0).count * classes }
    let folds = 0..<pool.count
    return ProbeHeads(
      linear: all.linear.cut(into: counts), regularised: all.regularised.cut(into: counts),
      inversePenalties: folds.map { all.numbers[3 * $0] },
      modelInversePenalty: all.numbers[3 * pool.count],
      iterations: folds.map { Int(all.numbers[3 * $0 + 1]) },
      modelIterations: Int(all.numbers[3 * pool.count + 1]),
      steps: folds.map { Int(all.numbers[3 * $0 + 2]) },
      layer: (
        try communicator.gatherInOrder(layer.weight), try communicator.gatherInOrder(layer.bias)
      ))
  }
}

extension [Float] {
  /// Neighbouring parts of the given lengths.
  fileprivate func cut(into counts: [Int]) -> [[Float]] {
    var rest = self[...]
    return counts.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}
