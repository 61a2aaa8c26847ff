import DataParallel
import Datasets
import Images
import MPI

/// The atoms of a list of samples that one rank is to ask about, loaded ahead on threads of their own from the
/// moment that this is made.
package struct OwnAtoms: Sendable {
  /// Atoms that are loaded ahead, if they aren't large.
  package static let lookAhead = 4

  private let loader: Loader
  /// All ranks have as many, though perhaps not as many atoms.
  let rounds: Int
  /// Of all ranks.
  let photos: Int

  /// - Parameters:
  ///   - size: of an atom.
  ///   - pipelines: each makes a view of every photo.
  init(
    of samples: [Int], size: Int, by pipelines: [Pipeline], _ dataset: Dataset, threads: Int,
    passesOverFailures: Bool, over communicator: Communicator
  ) {
    let atoms = microBatches(of: 0..<samples.count, size: size)
    let own = LeafIntervals.even(atoms.count, ranks: communicator.size)[communicator.rank]
    let requests = atoms[own].map {
      BatchRequest(epoch: 0, positions: $0, of: samples, by: pipelines)
    }
    loader = Loader(
      dataset, seed: 0, threads: threads, lookAhead: Self.lookAhead,
      passesOverFailures: passesOverFailures,
      requests: requests)
    photos = samples.count
    rounds = (atoms.count + communicator.size - 1) / communicator.size
  }

  /// The next atom; nil after the last.
  func next() throws(PhotoError) -> Batch? { try loader.next() }
}
