import DataParallel
import MPI

/// `fingerprint RANK`: that rank has another recipe and CPU; prints what each rank then throws.
func compareFingerprints(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  let odd = world.communicator.rank == Int(arguments[0])
  let fingerprint = Fingerprint([
    ("binary", "77aa"), ("recipe", odd ? "0bad" : "600d"), ("CPU", odd ? "avx2" : "avx2 avx512f"),
  ])
  do {
    try fingerprint.compare(over: world.communicator)
    print("equal")
  } catch {
    print(error)
  }
  try world.finalize()
}
