import Glibc
import MPI

/// `linger STEP`: prints `rank pid` and waits for the test to kill somebody, rank 0 in a
/// collective that never completes, the others computing. SIGTERM is ignored, as by a training run
/// that has yet to finish its step.
func linger(_ arguments: [String]) throws {
  signal(SIGTERM, SIG_IGN)
  let world = try MPI.initialize()
  world.status.step = Int(arguments[0])
  print("\(world.communicator.rank) \(getpid())")
  fflush(nil)
  if world.communicator.rank == 0 { try world.communicator.barrier() }
  while true { sleep(1) }
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

/// `hang RANK stop|compute|patient|stop-patient SECONDS`: that rank stops itself as SIGSTOP would, or computes
/// for ever, or for three times the timeout in SECONDS while the others have no deadline.
func hang(_ arguments: [String]) throws {
  let timeout = Int(arguments[2]) ?? 1
  let world = try MPI.initialize(collectiveTimeout: timeout)
  let all = world.communicator
  world.status.step = 12
  // The others' wait in the first call counts nothing.
  usleep(500_000)
  try all.barrier()
  if all.rank == Int(arguments[0]) {
    switch arguments[1] {
    case "stop", "stop-patient": raise(SIGSTOP)
    case "compute": while true { sleep(1) }
    default: sleep(UInt32(3 * timeout))
    }
  }
  if arguments[1] == "patient" || arguments[1] == "stop-patient" {
    try world.status.withoutDeadline { try all.barrier() }
  } else {
    try all.barrier()
  }
  try world.finalize()
  print("done")
}
