import DataParallel
import MPI
import Tensors

/// `atoms COUNT`: atom a has a mod 4 results, and a loss; prints a digest of all and the sum's bits.
func gatherAtoms(_ arguments: [String]) throws {
  let world = try MPI.initialize()
  let communicator = world.communicator
  let count = Int(arguments[0]) ?? 0
  let random = Philox(seed: 1, stream: .split)
  let own = LeafIntervals.even(count, ranks: communicator.size)[communicator.rank]
  let results = own.flatMap { atom in (0..<(atom % 4)).map { Float(10 * atom + $0) } }
  let losses = own.map { Double(random.uniform(position: $0, index: 0)) / Double($0 + 1) }

  let all = try communicator.gatherInOrder(results)
  let sum = try communicator.gatherInOrder(losses).reduce(0, +)
  if communicator.rank == 0 { print("\(digest(all)) \(sum.bitPattern)") }
  try world.finalize()
}
