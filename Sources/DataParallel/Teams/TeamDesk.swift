import Glibc
package import MPI

/// Where this rank gets its work: rank 0 hands out jobs by `Dispatch` and trains, too, so it serves whenever it is called.
///
///     try desk.work(isAskedToStop) { turn in
///       // Train turn.job over turn.communicator. Its first rank says isFinishing and isDone; before that all
///       // its ranks may go on as they are told by pause.
///     }
///
/// Every rank calls that, and returns when all is done.
package final class TeamDesk {
  /// A job, and the ranks that train it together.
  package struct Turn {
    /// Its id.
    package let job: Int
    package let communicator: Communicator
    fileprivate let ranks: [Int]
    /// How often ranks have joined.
    fileprivate let merges: Int
    /// The step at which those who were there before stopped for others; nil where nobody joined.
    package let step: Int?
    /// Whether some of its ranks have trained it before others joined.
    package var isJoined: Bool { merges > 0 }
  }

  private enum Tag { static let (toDesk, toRank) = (1, 2) }

  private let world: Communicator
  /// What teams are made of: Open MPI 4 sends its own messages there with the tags that it is given.
  private let parent: Communicator
  private let status: RankStatus
  /// Rank 0's.
  private var dispatch: Dispatch?
  /// Rank 0's: what there is to do after a job, by what came of it.
  private let more: (_ job: Int, _ value: Double) throws -> [Job]
  /// Rank 0's, to itself.
  private var own: [TeamMessage] = []
  /// Of ranks that were together before.
  private var communicators: [[Int]: Communicator] = [:]
  /// The newest that came: it may be here before the turn that it is about.
  private var offer: TeamMessage?
  /// Ranks that wait to join the job that this rank leads.
  private var joining: [Int] = []
  private var hasAskedForEnd = false

  /// Collective.
  ///
  /// - Parameters:
  ///   - jobs: rank 0's; in the order in which they are handed out.
  ///   - teams: the ranks that begin together.
  ///   - more: called on rank 0 when a job is done: jobs that come then.
  package init(
    _ jobs: [Job], teams: [Range<Int>], of world: World,
    more: @escaping (_ job: Int, _ value: Double) throws -> [Job] = { _, _ in [] }
  ) throws {
    self.world = try world.communicator.duplicate()
    parent = try world.communicator.duplicate()
    status = world.status
    self.more = more
    guard self.world.isFirst else { return }
    var dispatch = Dispatch(jobs, teams: teams, ranks: self.world.size)
    let orders = dispatch.start()
    self.dispatch = dispatch
    try send(orders)
  }

  /// Has this rank's jobs trained, one after the other.
  ///
  /// - Parameter train: gives how a job goes on, with ranks that have joined; nil when it is done, or stopped.
  /// - Throws: `TeamError` for what a whole team met, since the others don't know of it: they must be ended.
  package func work(
    _ isAskedToStop: () -> Bool, _ train: (Turn) throws -> Turn?
  ) throws {
    do {
      while let first = try next(isAskedToStop) {
        var turn = Optional(first)
        while let own = turn { turn = try train(own) }
      }
    } catch let error as AgreedError {
      throw TeamError(error)
    }
  }

  /// This rank's next job; nil when there is none left, or a rank was asked to stop. What is waited for may take hours.
  package func next(_ isAskedToStop: () -> Bool) throws -> Turn? {
    joining = []
    let message = try status.waitingPatiently(for: "a job, or the jobs of other ranks") {
      try nextMessage(isAskedToStop)
    }
    guard message.kind == .work else { return nil }
    return try turn(
      message.job, message.ranks, merges: message.number,
      step: message.number > 0 ? Int(message.value) : nil)
  }

  /// On rank 0, answers those that have asked; returns at once.
  package func serve() throws {
    guard dispatch != nil else { return }
    while let sender = try world.senderWaiting(tag: Tag.toDesk) {
      try handle(try receive(from: sender, tag: Tag.toDesk))
    }
  }

  /// Called by the turn's first rank when little is left to do, so that what comes next is known when that is done.
  package func isFinishing(_ turn: Turn) throws { try tell(TeamMessage(.finishing, job: turn.job)) }

  /// Called by the turn's first rank.
  ///
  /// - Parameter value: what came of it.
  package func isDone(_ turn: Turn, value: Double = 0) throws {
    try tell(TeamMessage(.done, job: turn.job, value: value))
  }

  /// Called by the turn's first rank, instead of `isDone`: nobody begins anything any more.
  package func hasStopped(_ turn: Turn) throws { try tell(TeamMessage(.stopped, job: turn.job)) }

  /// Called by the turn's first rank at the end of an epoch that isn't the last.
  ///
  /// - Returns: whether others wait to join.
  package func hasEndedEpoch(_ turn: Turn, epochsLeft: Int) throws -> Bool {
    try serve()
    while let message = try messageWaiting() { if message.kind == .offer { offer = message } }
    if let offer, offer.job == turn.job, offer.number == turn.merges { joining = offer.ranks }
    if joining.isEmpty {
      try tell(TeamMessage(.epoch, job: turn.job, number: epochsLeft))
    }
    return !joining.isEmpty
  }

  /// The same job with the ranks that wait to join, which begin at the checkpoint of this step; nil where none do, and the
  /// job has stopped. Collective, as `joined`.
  package func pause(_ turn: Turn, at step: Int) throws -> Turn? {
    if let joint = try joined(turn, at: step) { return joint }
    if turn.communicator.isFirst { try hasStopped(turn) }
    return nil
  }

  /// The same job with the ranks that wait to join; nil when there are none. Collective over the turn's ranks, of which
  /// nobody may hold the job's files any more.
  ///
  /// - Parameter step: of the checkpoint that all go on from.
  package func joined(_ turn: Turn, at step: Int) throws -> Turn? {
    let others = try turn.communicator.broadcast(joining.map(Int64.init), from: 0).map { Int($0) }
    joining = []
    if others.isEmpty { return nil }
    let (ranks, merges) = ((turn.ranks + others).sorted(), turn.merges + 1)
    if turn.communicator.isFirst {
      let message = TeamMessage(
        .work, job: turn.job, number: merges, ranks: ranks, value: Double(step))
      for rank in others { try send(message, to: rank) }
      try tell(TeamMessage(.joined, job: turn.job, ranks: ranks))
    }
    return try self.turn(turn.job, ranks, merges: merges, step: step)
  }

  private func turn(_ job: Int, _ ranks: [Int], merges: Int, step: Int?) throws -> Turn {
    let communicator = try communicators[ranks] ?? parent.group(of: ranks, tag: job)
    communicators[ranks] = communicator
    return Turn(job: job, communicator: communicator, ranks: ranks, merges: merges, step: step)
  }

  private func nextMessage(_ isAskedToStop: () -> Bool) throws -> TeamMessage {
    while true {
      try serve()
      if isAskedToStop(), !hasAskedForEnd {
        hasAskedForEnd = true
        try tell(TeamMessage(.stop))
      }
      if let message = try messageWaiting() {
        if message.kind == .offer {
          offer = message
        } else if message.kind == .work || dispatch?.isOver ?? true {
          return message
        } else {
          // On rank 0 other ranks' jobs may last.
          own.append(message)
        }
      }
      usleep(1000)
    }
  }

  private func messageWaiting() throws -> TeamMessage? {
    if !own.isEmpty { return own.removeFirst() }
    guard let sender = try world.senderWaiting(tag: Tag.toRank) else { return nil }
    return try receive(from: sender, tag: Tag.toRank)
  }

  private func receive(from sender: Int, tag: Int) throws -> TeamMessage {
    let words = try world.receive(
      count: TeamMessage.length(ranks: world.size), from: sender, tag: tag)
    guard let message = TeamMessage(words) else { preconditionFailure("no message: \(words)") }
    return message
  }

  /// To the rank that hands out jobs.
  private func tell(_ message: TeamMessage) throws {
    if dispatch != nil { return try handle(message) }
    try world.send(message.encoded(ranks: world.size), to: 0, tag: Tag.toDesk)
  }

  private func send(_ message: TeamMessage, to rank: Int) throws {
    if rank == world.rank {
      own.append(message)
    } else {
      try world.send(message.encoded(ranks: world.size), to: rank, tag: Tag.toRank)
    }
  }

  private func handle(_ message: TeamMessage) throws {
    var orders: [Dispatch.Order] = []
    switch message.kind {
    case .finishing: orders = dispatch?.isFinishing(message.job) ?? []
    case .done:
      dispatch?.add(try more(message.job, message.value))
      orders = dispatch?.isDone(message.job) ?? []
    case .stopped:
      orders = (dispatch?.stop() ?? []) + (dispatch?.isDone(message.job) ?? [])
    case .epoch: dispatch?.hasEndedEpoch(of: message.job, epochsLeft: message.number)
    case .joined: orders = dispatch?.isJoined(message.job, by: message.ranks) ?? []
    case .stop: orders = dispatch?.stop() ?? []
    case .work, .offer, .end: preconditionFailure("a message for another rank")
    }
    try send(orders)
  }

  private func send(_ orders: [Dispatch.Order]) throws {
    for order in orders {
      switch order {
      case .work(let job, let ranks):
        for rank in ranks { try send(TeamMessage(.work, job: job, ranks: ranks), to: rank) }
      case .offer(let job, let leader, let ranks, let merges):
        try send(TeamMessage(.offer, job: job, number: merges, ranks: ranks), to: leader)
      case .end(let ranks):
        for rank in ranks { try send(TeamMessage(.end), to: rank) }
      }
    }
  }
}
