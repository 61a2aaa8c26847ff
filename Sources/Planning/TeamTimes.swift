import DataParallel

/// What a team takes for the parts of a training: see docs/plan.md.
struct TeamTimes {
  let costs: TrainingCosts
  let work: TrainingWork
  let place: TeamPlace
  let cluster: Cluster
  /// Blocks that are run again in backward.
  let recomputed: Int
  /// Of the epoch's kinds of steps.
  private let plans: [ExchangePlan]

  /// Bytes of a disk that are written in a second, with their digests.
  private static let writtenPerSecond = 200e6
  private static let floatBytes = Double(MemoryLayout<Float>.stride)

  init(
    _ costs: TrainingCosts, _ work: TrainingWork, _ place: TeamPlace, on cluster: Cluster,
    recomputed: Int
  ) {
    self.costs = costs
    self.work = work
    self.place = place
    self.cluster = cluster
    self.recomputed = recomputed
    plans = work.steps.map { ExchangePlan(leaves: $0.microBatches, ranks: place.ranks) }
  }

  /// Seconds of a step of a kind, and those of them that ranks send in.
  func step(_ kind: Int, area: Double) -> (seconds: Double, sending: Double) {
    let (step, plan) = (work.steps[kind], plans[kind])
    let own = Double((step.microBatches + place.ranks - 1) / place.ranks)
    let photos = own * Double(step.photos) / Double(step.microBatches)
    let pass = area * photos * costs.passOfPhoto(threads: place.threads, recomputed: recomputed)
    let update = costs.update.seconds(threads: place.threads) / Double(place.ranks)
    // Two are read and one is written where a leaf's gradient is added to another, and so on for what others send.
    let added =
      Double(work.gradient) * (own - 1 + Double(plan.holders.count - 1) / Double(place.ranks))
    let adding = 1.5 * added * Self.floatBytes / copied
    let sending = sending(rounds: plan.rounds)
    return (
      beside(
        loading: photos * costs.decode,
        computing: slowdown * (pass + update) + adding, sending: sending), sending
    )
  }

  /// What a rank copies in a second while the others of its host do.
  private var copied: Double {
    min(costs.copiedAlone, costs.copiedTogether / Double(place.ranksOnHost))
  }

  private var slowdown: Double { costs.slowdown(besides: place.otherBusyCores) }

  /// The sums' nodes go out in rounds, and the weights come back; each rank sends all others their slice of a gradient, or its own of the
  /// weights.
  private func sending(rounds: Int) -> Double {
    if place.ranks == 1 { return 0 }
    let bytes = Self.floatBytes * Double(rounds * work.gradient + work.weights)
    let (own, all) = (Double(place.ownOnHost), Double(place.ranks))
    // Within a host, into the memory that ranks share and out of it.
    let inside = 2 * bytes * (own - 1) / all / copied
    guard place.hosts > 1, let speed = cluster.networkBytesPerSecond else { return inside }
    let outside = bytes * own * (all - own) / all / speed
    // And what ranks agree on.
    return inside + outside + Double(rounds + 2) * Cluster.latency
  }

  /// Of what a rank computes and sends while its loader works: whichever is longest, the rank's own work, its loader's, or both
  /// together on the cores that they share.
  private func beside(loading: Double, computing: Double, sending: Double = 0) -> Double {
    let loaders = Double(work.loaderThreads ?? place.threads)
    return max(
      computing + sending, loading / loaders,
      (computing * Double(place.threads) + loading) / place.cores)
  }

  /// Seconds in which the team asks the net about photos.
  private func asking(_ photos: Int, weights: Int) -> Double {
    let atoms = (photos + work.atom - 1) / work.atom
    let own =
      Double(photos) / Double(max(1, atoms)) * Double((atoms + place.ranks - 1) / place.ranks)
    return beside(
      loading: own * costs.evaluatedDecode,
      computing: slowdown * Double(weights) * own * costs.forward.seconds(threads: place.threads))
  }

  private var checkpoint: Double { Double(work.checkpointBytes) / Self.writtenPerSecond }

  /// The same for a team whose ranks begin as another, which others join at the end of the first epoch.
  func joining(_ first: TeamTimes, epochs: Int) -> (seconds: Double, sending: Double) {
    let (own, before) = (training(epochs: 1), first.training(epochs: 1))
    let all = training(epochs: epochs)
    // Whoever predicts at the end has joined, but where there is one epoch.
    let predicting =
      epochs == 1
      ? 0
      : asking(work.predictedPhotos, weights: 1)
        - first.asking(work.predictedPhotos, weights: 1)
    return (
      all.seconds - own.seconds + before.seconds + predicting,
      all.sending - own.sending + before.sending
    )
  }

  /// Seconds of the training's first so many epochs, from its first step on, and those that ranks send in.
  func training(epochs: Int) -> (seconds: Double, sending: Double) {
    var (seconds, sending) = (0.0, 0.0)
    var left = work.mostSteps ?? .max
    for (epoch, area) in work.areas.prefix(epochs).enumerated() where left > 0 {
      for (kind, steps) in work.steps.enumerated() {
        let (one, sent) = step(kind, area: area)
        let count = min(steps.count, left)
        seconds += Double(count) * one
        sending += Double(count) * sent
        left -= count
      }
      let isWhole = left > 0 || work.mostSteps.map { $0 % work.stepsPerEpoch == 0 } ?? true
      if isWhole {
        seconds += asking(work.validationPhotos, weights: work.validatedWeights)
        if epoch >= work.firstRenewal ?? .max { seconds += asking(work.photosPerEpoch, weights: 1) }
      }
      let saved = work.checkpointSteps.map { work.stepsPerEpoch / $0 } ?? 0
      seconds += Double(1 + saved) * checkpoint
    }
    return (seconds + asking(work.predictedPhotos, weights: 1), sending)
  }
}
