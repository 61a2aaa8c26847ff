import Glibc

// What tests run under mpirun: `tutti-test-worker COMMAND ARGUMENT…`, one file for each command.
let commands: [(name: String, run: ([String]) throws -> Void)] = [
  ("communicator", checkCommunicator),
  ("linger", linger),
  ("fail", fail),
  ("hang", hang),
  ("start", start),
  ("work", work),
  ("drop", dropRequest),
  ("steps", takeSteps),
  ("state", moveState),
  ("fingerprint", compareFingerprints),
  ("atoms", gatherAtoms),
  ("jobs", trainJobs),
  ("jobs-stop", stopJobs),
  ("net", runNet),
]

guard CommandLine.arguments.count > 1,
  let command = commands.first(where: { $0.name == CommandLine.arguments[1] })
else {
  print("usage: tutti-test-worker \(commands.map(\.name).joined(separator: " | ")) …")
  exit(64)
}
do {
  try command.run(Array(CommandLine.arguments.dropFirst(2)))
} catch {
  print("\(command.name): \(error)")
  exit(1)
}
