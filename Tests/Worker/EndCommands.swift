import DataParallel
import Glibc
import MPI

/// `linger STEP [SECONDS]`: prints `rank pid` and waits for the test to kill somebody, rank 0 in a
/// collective that never completes, the others computing, where SECONDS are the collective timeout.
/// SIGTERM is ignored, as by a training run that has yet to finish its step.
func linger(_ arguments: [String]) throws {
  signal(SIGTERM, SIG_IGN)
  let world = try MPI.initialize(
    collectiveTimeout: arguments.count > 1 ? Int(arguments[1]) : MPI.defaultCollectiveTimeout)
  world.status.step = Int(arguments[0])
  print("\(world.communicator.rank) \(getpid())")
  fflush(nil)
  if world.communicator.rank == 0 { try world.communicator.barrier() }
  while true { sleep(1) }
}

/// `start RANK SECONDS [MORE]`: that rank stops itself before MPI is started; the others live on for MORE
/// seconds when it is.
func start(_ arguments: [String]) throws {
  if getenv("OMPI_COMM_WORLD_RANK").map({ String(cString: $0) }) == arguments[0] { raise(SIGSTOP) }
  let world = try MPI.initialize(collectiveTimeout: Int(arguments[1]))
  print("started")
  if arguments.count > 2 { sleep(UInt32(arguments[2]) ?? 0) }
  try world.finalize()
}

/// `work SECONDS tell|keep`: rank 0 works for three times the timeout in SECONDS, and tells the others, or
/// not.
func work(_ arguments: [String]) throws {
  let timeout = Int(arguments[0]) ?? 1
  let world = try MPI.initialize(collectiveTimeout: timeout)
  let result = try world.communicator.onFirst(working: { getsOn in
    for _ in 0..<(10 * timeout) {
      usleep(300_000)
      if arguments[1] == "tell" { try getsOn() }
    }
    return 7
  })
  try expect(result == (world.communicator.isFirst ? 7 : nil), "onFirst(working:)")
  // An error is everybody's.
  do {
    _ = try world.communicator.onFirst(working: { _ -> Int in throw Unexpected(description: "odd") }
    )
    throw Unexpected(description: "no error")
  } catch let error as AgreedError {
    try expect(error.description == "odd", error.description)
  }
  print("done")
  try world.finalize()
}

/// `fail RANK CODE CAUSE`: that rank ends all of them; the others wait for it.
func fail(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  world.status.step = 12
  if world.communicator.rank == Int(arguments[0]) {
    world.fail(arguments[2], code: Int32(arguments[1]) ?? 1)
  }
  try world.communicator.barrier()
}

/// `drop`: a request goes out of scope while its message is still expected.
func dropRequest(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  let target = UnsafeMutablePointer<Float>.allocate(capacity: 1)
  func forget() throws { _ = try world.communicator.startReceive(target, count: 1, from: 0) }
  try forget()
  print("nobody noticed")
}

/// `hang RANK stop|compute|patient|stop-patient|pause-patient SECONDS`: that rank stops itself as SIGSTOP
/// would, or computes for ever, or for three times the timeout in SECONDS while the others have no
/// deadline, after which rank 0 stops it for a moment.
func hang(_ arguments: [String]) throws {
  let timeout = Int(arguments[2]) ?? 1
  let world = try MPI.initialize(collectiveTimeout: timeout)
  let all = world.communicator
  world.status.step = 12
  // The others' wait in the first call counts nothing.
  usleep(500_000)
  let pids = try all.allGather([Int64(getpid())])
  let victim = Int(arguments[0]) ?? 0
  if arguments[1] == "pause-patient", all.rank == 0 {
    sleep(UInt32(3 * timeout))
    kill(pid_t(pids[victim][0]), SIGSTOP)
    usleep(700_000)
    kill(pid_t(pids[victim][0]), SIGCONT)
  }
  if all.rank == victim {
    switch arguments[1] {
    case "stop", "stop-patient": raise(SIGSTOP)
    case "compute": while true { sleep(1) }
    default: sleep(UInt32(3 * timeout + 2))
    }
  }
  if arguments[1].hasSuffix("patient") {
    try world.status.withoutDeadline { try all.barrier() }
  } else {
    try all.barrier()
  }
  try world.finalize()
  print("done")
}
