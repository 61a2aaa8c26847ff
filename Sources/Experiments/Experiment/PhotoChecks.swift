import DataParallel
package import Datasets
import Files
package import MPI
import Tensors
import Timelines

/// A full decode of all photos of a dataset, spread over ranks and threads.
package struct PhotoChecks: Sendable {
  /// In the order of the dataset's samples.
  package let findings: [PhotoFinding]
  /// How many of them were known from before.
  package let cached: Int

  /// Samples that can't be used, ascending.
  package var corrupt: [Int] { findings.indices.filter { findings[$0].problem != nil } }

  /// Makes sure that a pack's photos are those that were packed: one that isn't is a damaged pack, and no
  /// corrupt photo that could be left out.
  ///
  /// - Throws: `PackError`.
  package func checkPack(of dataset: Dataset) throws(PackError) {
    guard dataset.pack != nil, let index = findings.firstIndex(where: \.isPassing) else { return }
    throw .damagedPhoto("\(dataset.name(of: index)): \(findings[index].problem ?? "")")
  }

  /// Every rank gets all findings. What rank 0 finds in its cache isn't decoded again.
  /// Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - threads: of this rank.
  ///   - signing: whether copies will be looked for.
  package static func run(
    _ dataset: Dataset, over communicator: Communicator, threads: Int, signing: Bool = false
  ) throws -> PhotoChecks {
    let list = Fingerprint([("the list of photos", Digest.hex(of: dataset.identityBytes))])
    try communicator.agree { try list.compare(over: communicator) }
    let cache = communicator.isFirst ? PhotoCheckCache(dataset, signing: signing) : nil
    var known = cache?.known ?? []
    let states = try communicator.broadcast(known.map { Int64($0 == nil ? 0 : 1) }, from: 0)
    let pending = states.indices.filter { states[$0] == 0 }
    let own = pending.enumerated().filter { $0.offset % communicator.size == communicator.rank }
      .map(\.element)

    let found = Activity.during("checking", of: pending.count, "photos") { activity in
      ThreadPool(threads: threads).map(own.count) { place in
        defer { activity.advance(by: communicator.size) }
        return dataset.check(own[place], signing: signing)
      }
    }
    let encoded = try JSONText.encode(found)
    let parts = try communicator.gather(Array(encoded.utf8))
    for (rank, part) in (parts ?? []).enumerated() {
      let findings = try JSONText.decode([PhotoFinding?].self, from: part)
      let indices = pending.enumerated().filter { $0.offset % communicator.size == rank }.map(
        \.element)
      for (index, finding) in zip(indices, findings) { known[index] = finding }
    }
    cache?.save(known)
    let all = known
    return PhotoChecks(
      findings: try communicator.share { all.compactMap(\.self) },
      cached: states.count - pending.count)
  }
}
