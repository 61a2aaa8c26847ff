import DataParallel
package import Datasets
import Differentiation
package import Evaluation
package import Images
package import MPI
package import NeuralNetworks
package import Tensors
import Timelines

/// Asks networks about photos that are decoded once for all of them and all their views, spread over the
/// ranks of a communicator in whole atoms: the same answers, bit for bit, for any number of ranks.
/// Collective.
package struct EnsemblePass {
  /// What a member is shown of a photo: indices into the pass's pipelines. Members may share one, and
  /// its batches.
  package struct Views: Equatable, Sendable {
    /// One at least; their answers are averaged in this order.
    package let averaged: [Int]
    /// The photo as in validation, where it is asked for.
    package let plain: Int?

    package init(averaged: [Int], plain: Int?) {
      precondition(!averaged.isEmpty)
      self.averaged = averaged
      self.plain = plain
    }

    /// One view of each photo.
    package static func alone(_ pipeline: Int) -> Views {
      Views(averaged: [pipeline], plain: pipeline)
    }

    /// The plain view, where it alone would be another answer.
    var compared: Int? { averaged == [plain] ? nil : plain }
    /// What features and heat maps are made of.
    var seen: Int { plain ?? averaged[0] }
  }

  package struct Member {
    let network: any Network
    let parameters: Parameters
    var views: Views
    /// Of its views; nil for the pass's.
    let averaging: Averaging?

    /// - Parameters:
    ///   - averaging: of its views; nil for the pass's.
    ///   - preparesWeights: prepares filters and normalisations once for all photos, in up to four times the
    ///     weights' memory.
    package init(
      network: any Network, weights: FlatStore, views: Views, averaging: Averaging? = nil,
      preparesWeights: Bool = false
    ) {
      self.network = network
      self.averaging = averaging
      parameters = Parameters(
        weights: weights, prepared: preparesWeights ? PreparedWeights() : nil)
      self.views = views
    }
  }

  /// Ranks of unlike speed meet after so many atoms, or fewer where each has many views, so that none
  /// waits for hours at the end, where it would be taken for hung.
  private static let atomsBetweenMeetings = 8

  var members: [Member]
  var pipelines: [Pipeline]
  private let averaging: Averaging
  let mix: EnsembleMix?
  var dataset: Dataset
  /// Predictions of no photos.
  let none: Predictions
  private let microBatch: Int
  private let loaderThreads: Int
  let communicator: Communicator
  package var pool: ThreadPool
  private let serve: () throws -> Void

  /// - Parameters:
  ///   - pipelines: what is random in them is drawn for the photo's place in the list of samples.
  ///   - averaging: of views, and then of members.
  ///   - mix: how the members become one, where that isn't their plain mean.
  ///   - thresholds: of each class, where photos may have several labels; nil where they have one.
  ///   - serve: called after each forward pass, for what this rank does on the side.
  package init(
    _ members: [Member], pipelines: [Pipeline], averaging: Averaging = .probabilities,
    mix: EnsembleMix? = nil, dataset: Dataset, thresholds: [Double]? = nil, microBatch: Int,
    loaderThreads: Int,
    communicator: Communicator, pool: ThreadPool,
    serving serve: @escaping () throws -> Void = {}
  ) {
    self.members = members
    self.pipelines = pipelines
    self.averaging = averaging
    self.mix = mix
    self.dataset = dataset
    none = Predictions(classes: dataset.classes, thresholds: thresholds)
    self.microBatch = microBatch
    self.loaderThreads = loaderThreads
    self.communicator = communicator
    self.pool = pool
    self.serve = serve
  }

  /// What the members say of the samples, in their order, on every rank.
  ///
  /// - Throws: `PhotoError` on the rank that can't use a photo, `MPIError`.
  package func predictions(_ samples: [Int]) throws -> EnsemblePredictions {
    try gathered(ownPredictions(atoms(of: samples)).all)
  }

  /// The same without the photos that can't be used, which are given with the reason, in their order.
  ///
  /// - Parameter show: called on one rank for each photo, with where the members look in it.
  /// - Throws: `MPIError`, and what `show` throws.
  package func predictionsOfUsable(
    _ samples: [Int], showing show: ((HeatMap) throws -> Void)? = nil
  ) throws -> (all: EnsemblePredictions, problems: [(sample: Int, reason: String)]) {
    let own = try ownPredictions(
      atoms(of: samples, passesOverFailures: true), showing: show)
    let lines = own.problems.map { "\($0.sample) \($0.reason)\0" }.joined()
    let all = try communicator.gatherInOrder(Array(lines.utf8)).split(separator: 0)
    return (
      try gathered(own.all),
      all.map { line in
        let digits = line.prefix { $0 != UInt8(ascii: " ") }
        return (
          Int(String(decoding: digits, as: UTF8.self)) ?? 0,
          String(decoding: line.dropFirst(digits.count + 1), as: UTF8.self)
        )
      }
    )
  }

  /// All ranks' predictions, in rank order, on every rank.
  private func gathered(_ own: EnsemblePredictions) throws -> EnsemblePredictions {
    try own.gathered(isOneAnswer: members.count == 1 && mix == nil, over: communicator)
  }

  /// What the members say of this rank's atoms.
  func ownPredictions(
    _ atoms: OwnAtoms, showing show: ((HeatMap) throws -> Void)? = nil
  ) throws -> (all: EnsemblePredictions, problems: [(sample: Int, reason: String)]) {
    var all = EnsemblePredictions(
      of: members.map { ($0.views.averaged.count, isCompared: $0.views.compared != nil) },
      from: none)
    var problems: [(sample: Int, reason: String)] = []
    try forEach(atoms) { batch in
      let (answers, together) = try self.answers(to: batch, showing: show)
      all.append(answers.map(\.predictions), together: together.predictions)
      problems += batch.labels.indices.compactMap { row in
        batch.failures[row].map { (batch.samples[row], $0.description) }
      }
    }
    return (all, problems)
  }

  /// What the first member's head looks at, a row for each of the samples in their order, on every
  /// rank.
  ///
  /// - Throws: `PhotoError` on the rank that can't use a photo, `MPIError`.
  package func features(_ samples: [Int]) throws -> Features {
    var values: [Float] = []
    let member = members[0]
    try forEach(atoms(of: samples)) { batch in
      let tape = Tape(member.parameters, mode: .evaluation, pool: pool)
      let images = Variable(batch.views[member.views.seen], needsGradient: false)
      values += member.network.features(of: images, on: tape).value.values
      try serve()
    }
    let all = try communicator.gatherInOrder(values)
    return Features(width: all.count / samples.count, values: all)
  }

  /// Begins to load this rank's atoms.
  package func atoms(of samples: [Int], passesOverFailures: Bool = false) -> OwnAtoms {
    OwnAtoms(
      of: samples, size: microBatch, by: pipelines, dataset, threads: loaderThreads,
      passesOverFailures: passesOverFailures, over: communicator)
  }

  /// This rank's atoms, one after the other.
  private func forEach(_ atoms: OwnAtoms, _ body: (Batch) throws -> Void) throws {
    let views = members.map(\.views.averaged.count).max() ?? 1
    let interval = max(1, Self.atomsBetweenMeetings / views)
    try Activity.during("evaluating", of: atoms.photos, "photos") { activity in
      for round in 0..<atoms.rounds {
        if round % interval == 0 { try communicator.barrier() }
        guard let batch = try atoms.next() else { continue }
        try body(batch)
        // The other ranks have come about as far.
        activity.advance(by: batch.labels.count * communicator.size)
      }
    }
  }

  /// What each member and all together say of the batch's photos.
  func answers(
    to batch: Batch, showing show: ((HeatMap) throws -> Void)?
  ) throws -> ([ViewedAnswer], together: ViewedAnswer) {
    let passes = show == nil ? [] : members.map { gradCAM(of: $0, batch) }
    let answers = try members.indices.map { index in
      try answer(of: members[index], batch, seen: passes.isEmpty ? nil : passes[index].logits)
    }
    let together = self.together(answers, batch)
    if let show { try showHeatMaps(of: batch, together.averaged.predictions, passes, show) }
    return (answers, together)
  }

  /// What a member says of the batch's photos.
  ///
  /// - Parameter seen: its logits by the view that heat maps are made of, if they are known.
  private func answer(
    of member: Member, _ batch: Batch, seen: Tensor?
  ) throws -> ViewedAnswer {
    var known: [Int: BatchAnswer] = [:]
    func answer(_ view: Int) throws -> BatchAnswer {
      if let answer = known[view] { return answer }
      let logits =
        (view == member.views.seen ? seen : nil) ?? logits(of: member, view, batch)
      try serve()
      let answer = BatchAnswer(logits, batch, of: dataset, from: none)
      known[view] = answer
      return answer
    }
    let answers = try member.views.averaged.map(answer)
    return ViewedAnswer(
      averaged: BatchAnswer(
        member.averaging ?? averaging, of: answers, batch, of: dataset, from: none),
      plain: try member.views.compared.map(answer))
  }

  /// What the members say together.
  private func together(_ answers: [ViewedAnswer], _ batch: Batch) -> ViewedAnswer {
    func mean(_ answers: [BatchAnswer]) -> BatchAnswer {
      if let mix { return BatchAnswer(mix, of: answers) }
      return BatchAnswer(averaging, of: answers, batch, of: dataset, from: none)
    }
    return ViewedAnswer(
      averaged: mean(answers.map(\.averaged)),
      plain: answers.contains { $0.plain != nil }
        ? mean(answers.map { $0.plain ?? $0.averaged }) : nil)
  }

  /// The logits `[N, classes]` of the batch's photos by one of their views.
  private func logits(of member: Member, _ view: Int, _ batch: Batch) -> Tensor {
    let tape = Tape(member.parameters, mode: .evaluation, pool: pool)
    return member.network(Variable(batch.views[view], needsGradient: false), on: tape).value
  }
}
