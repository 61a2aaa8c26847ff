import DataParallel
package import Datasets
import Differentiation
package import Evaluation
package import Images
package import MPI
package import NeuralNetworks
package import Tensors

/// Asks networks about photos that are decoded once for all of them, spread over the ranks of a
/// communicator in whole atoms: the same answers, bit for bit, for any number of ranks. Collective.
package struct EnsemblePass {
  package struct Member {
    let network: any Network
    let parameters: Parameters
    /// An index into the pass's pipelines; members may share one, and its batches.
    let pipeline: Int

    /// - Parameter preparesWeights: prepares filters and normalisations once for all photos, in up to
    ///   four times the weights' memory.
    package init(
      network: any Network, weights: FlatStore, pipeline: Int, preparesWeights: Bool = false
    ) {
      self.network = network
      parameters = Parameters(
        weights: weights, prepared: preparesWeights ? PreparedWeights() : nil)
      self.pipeline = pipeline
    }
  }

  /// Ranks of unlike speed meet after so many atoms, so that none waits for hours at the end, where
  /// it would be taken for hung.
  private static let atomsBetweenMeetings = 8

  let members: [Member]
  let pipelines: [Pipeline]
  private let dataset: Dataset
  private let microBatch: Int
  private let loaderThreads: Int
  private let communicator: Communicator
  let pool: ThreadPool
  private let serve: () throws -> Void

  /// - Parameters:
  ///   - pipelines: without random transforms.
  ///   - serve: called after each atom, for what this rank does on the side.
  package init(
    _ members: [Member], pipelines: [Pipeline], dataset: Dataset, microBatch: Int,
    loaderThreads: Int, communicator: Communicator, pool: ThreadPool,
    serving serve: @escaping () throws -> Void = {}
  ) {
    self.members = members
    self.pipelines = pipelines
    self.dataset = dataset
    self.microBatch = microBatch
    self.loaderThreads = loaderThreads
    self.communicator = communicator
    self.pool = pool
    self.serve = serve
  }

  /// What each member says of the samples, in their order, on every rank.
  ///
  /// - Throws: `PhotoError` on the rank that can't use a photo, `MPIError`.
  package func predictions(_ samples: [Int]) throws -> [Predictions] {
    try ownPredictions(samples).members.map { try $0.gathered(over: communicator) }
  }

  /// The same without the photos that can't be used, which are given with the reason, in their order.
  ///
  /// - Parameter show: called on one rank for each photo, with where the members look in it.
  /// - Throws: `MPIError`, and what `show` throws.
  package func predictionsOfUsable(
    _ samples: [Int], showing show: ((HeatMap) throws -> Void)? = nil
  ) throws -> (members: [Predictions], problems: [(sample: Int, reason: String)]) {
    let own = try ownPredictions(samples, passesOverFailures: true, showing: show)
    let lines = own.problems.map { "\($0.sample) \($0.reason)\0" }.joined()
    let all = try communicator.gatherInOrder(Array(lines.utf8)).split(separator: 0)
    return (
      try own.members.map { try $0.gathered(over: communicator) },
      all.map { line in
        let digits = line.prefix { $0 != UInt8(ascii: " ") }
        return (
          Int(String(decoding: digits, as: UTF8.self)) ?? 0,
          String(decoding: line.dropFirst(digits.count + 1), as: UTF8.self)
        )
      }
    )
  }

  /// What the members say of this rank's atoms.
  func ownPredictions(
    _ samples: [Int], passesOverFailures: Bool = false,
    showing show: ((HeatMap) throws -> Void)? = nil
  ) throws -> (members: [Predictions], problems: [(sample: Int, reason: String)]) {
    var predictions = members.map { _ in Predictions(classes: dataset.classes) }
    var problems: [(sample: Int, reason: String)] = []
    try forEachOwnAtom(of: samples, passesOverFailures: passesOverFailures) { batch in
      let ofBatch: [Predictions]
      if let show {
        let passes = members.map { gradCAM(of: $0, batch) }
        ofBatch = passes.map { self.predictions(from: $0.logits, batch) }
        try showHeatMaps(of: batch, Predictions(ensembleOf: ofBatch), passes, show)
      } else {
        ofBatch = members.map { self.predictions(from: logits(of: $0, batch), batch) }
      }
      for index in members.indices { predictions[index].append(ofBatch[index]) }
      problems += batch.labels.indices.compactMap { row in
        batch.failures[row].map { (batch.samples[row], $0.description) }
      }
    }
    return (predictions, problems)
  }

  /// What the first member's head looks at, a row for each of the samples in their order, on every
  /// rank.
  ///
  /// - Throws: `PhotoError` on the rank that can't use a photo, `MPIError`.
  package func features(_ samples: [Int]) throws -> Features {
    var values: [Float] = []
    let member = members[0]
    try forEachOwnAtom(of: samples, passesOverFailures: false) { batch in
      let tape = Tape(member.parameters, mode: .evaluation, pool: pool)
      let images = Variable(batch.views[member.pipeline], needsGradient: false)
      values += member.network.features(of: images, on: tape).value.values
    }
    let all = try communicator.gatherInOrder(values)
    return Features(width: all.count / samples.count, values: all)
  }

  /// Loads this rank's atoms, one after the other.
  private func forEachOwnAtom(
    of samples: [Int], passesOverFailures: Bool, _ body: (Batch) throws -> Void
  ) throws {
    let atoms = microBatches(of: 0..<samples.count, size: microBatch)
    let own = LeafIntervals.even(atoms.count, ranks: communicator.size)[communicator.rank]
    let requests = atoms[own].map {
      BatchRequest(epoch: 0, positions: $0, of: samples, by: pipelines)
    }
    let loader = Loader(
      dataset, seed: 0, threads: loaderThreads, lookAhead: 4,
      passesOverFailures: passesOverFailures, requests: requests)
    // All ranks have as many rounds, though perhaps not as many atoms.
    let atomsOfLongest = (atoms.count + communicator.size - 1) / communicator.size
    for atom in 0..<atomsOfLongest {
      if atom % Self.atomsBetweenMeetings == 0 { try communicator.barrier() }
      guard let batch = try loader.next() else { continue }
      try body(batch)
      try serve()
    }
  }

  /// The logits `[N, classes]` of the batch's photos.
  private func logits(of member: Member, _ batch: Batch) -> Tensor {
    let tape = Tape(member.parameters, mode: .evaluation, pool: pool)
    let images = Variable(batch.views[member.pipeline], needsGradient: false)
    return member.network(images, on: tape).value
  }

  /// What logits `[N, classes]` say of the batch's photos. One that can't be used has its place in the
  /// atom, so that the others' bits don't depend on it.
  private func predictions(from logits: Tensor, _ batch: Batch) -> Predictions {
    var predictions = Predictions(classes: dataset.classes)
    let (values, classes) = (logits.values, dataset.classes.count)
    values.withUnsafeBufferPointer { values in
      for row in batch.labels.indices where batch.failures[row] == nil {
        predictions.append(
          sample: batch.samples[row], label: batch.labels[row],
          logits: UnsafeBufferPointer(rebasing: values[(row * classes)..<((row + 1) * classes)]))
      }
    }
    return predictions
  }
}
