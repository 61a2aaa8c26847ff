import DataParallel
import Glibc
import MPI

/// `queue ITEMS`: each rank is a team and takes items until there is none; rank 0 works slowly and
/// serves while it does. Prints who took what.
func takeFromQueue(_ arguments: [String]) throws {
  let world = try MPI.initialize(collectiveTimeout: 1)
  let communicator = world.communicator
  let items = Array(0..<(Int(arguments[0]) ?? 0))
  let queue = WorkQueue(items, over: communicator, world.status)
  var own: [Int64] = []
  while let item = try queue.next() {
    own.append(Int64(item))
    for _ in 0..<(communicator.rank == 0 ? 10 : 1) {
      usleep(20_000)
      try queue.serve()
    }
  }
  try queue.finish()
  let all = try world.status.withoutDeadline { try communicator.allGather(own) }
  if communicator.rank == 0 {
    print(all.flatMap(\.self).sorted().map(String.init).joined(separator: " "))
    print(all.map { "\($0.count)" }.joined(separator: " "))
  }
  try world.finalize()
}

/// `queue-stop RANK`: that rank takes one of a hundred items and stops the queue; all end.
func stopQueue(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  let communicator = world.communicator
  let queue = WorkQueue(Array(0..<100), over: communicator, world.status)
  var taken = 0
  if communicator.rank == Int(arguments[0]) {
    _ = try queue.next()
    taken = 1
    try queue.stop()
  } else {
    while try queue.next() != nil {
      taken += 1
      usleep(20_000)
      try queue.serve()
    }
  }
  try queue.finish()
  let sum = try communicator.sum([Int64(taken)])[0]
  if communicator.rank == 0 { print(sum < 100 ? "stopped" : "went on") }
  try world.finalize()
}
