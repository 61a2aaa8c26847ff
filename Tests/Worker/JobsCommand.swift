import DataParallel
import Glibc
import MPI

/// `jobs JOBS TEAMS EPOCHS`: teams train jobs of eight micro-batches an epoch, which sleep. Prints a line for each job with the
/// ranks of each of its epochs, and one with the share of the ranks' time that was work.
func trainJobs(_ arguments: [String]) throws {
  let numbers = arguments.compactMap { Int($0) }
  let (jobs, teams, epochs) = (numbers[0], numbers[1], numbers[2])
  let world = try MPI.initialize(collectiveTimeout: 5)
  let all = world.communicator
  let desk = try TeamDesk(
    (0..<jobs).map { Job($0, mostRanks: 8, epochs: epochs) },
    teams: LeafIntervals.even(all.size, ranks: teams), of: world)
  var lines: [String] = []
  var asleep = 0
  while let first = try desk.next({ false }) {
    var turn: TeamDesk.Turn? = first
    while let own = turn {
      let team = own.communicator
      // Stands for the checkpoint, which those who join are told of.
      var done = own.step ?? 0
      var joins = false
      while done < epochs, !joins {
        let share = (8 + team.size - 1) / team.size
        for _ in 0..<share {
          usleep(4000)
          asleep += 1
          try desk.serve()
        }
        if team.isFirst { lines.append("\(own.job) \(done) \(team.size)") }
        done += 1
        let waiting =
          try team.isFirst && done < epochs && desk.hasEndedEpoch(own, epochsLeft: epochs - done)
        joins = try team.any(waiting)
      }
      turn = joins ? try desk.joined(own, at: done) : nil
      if !joins, team.isFirst {
        try desk.isFinishing(own)
        try desk.isDone(own)
      }
    }
  }
  let told = try all.gather(Array(lines.map { "\($0)\n" }.joined().utf8))
  let rounds = try all.sum([Int64(asleep)])[0]
  if let told {
    let text = told.flatMap(\.self)
    let sorted = String(decoding: text, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Int($0) }
    }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    for job in 0..<jobs {
      print(sorted.filter { $0[0] == job }.map { "\($0[2])" }.joined(separator: " "))
    }
    print(rounds)
  }
  try world.finalize()
}

/// `jobs-stop RANK`: that rank is asked to stop while it trains one of a hundred jobs; all end.
func stopJobs(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  let communicator = world.communicator
  let desk = try TeamDesk(
    (0..<100).map { Job($0, mostRanks: 1, epochs: 1) },
    teams: LeafIntervals.even(communicator.size, ranks: communicator.size), of: world)
  var taken = 0
  while let turn = try desk.next({ false }) {
    taken += 1
    usleep(20_000)
    try desk.serve()
    if communicator.rank == Int(arguments[0]) {
      try desk.hasStopped(turn)
    } else {
      try desk.isDone(turn)
    }
  }
  let sum = try communicator.sum([Int64(taken)])[0]
  if communicator.rank == 0 { print(sum < 100 ? "stopped" : "went on") }
  try world.finalize()
}
