import COpenMPI

/// Memory that the ranks of a host share: what each of them does, and whether one of them has said
/// why the run ends.
final class HostBoard: @unchecked Sendable {
  /// What a rank's watch saw it do last.
  enum Activity: Int32 { case computing = 0, waiting = 1 }

  private var window: MPI_Win?
  /// The word that is claimed, then one for each rank of the host.
  private let words: UnsafeMutablePointer<Int32>
  private let ownWord: Int

  /// Collective over the ranks of a host.
  init(_ local: Communicator) throws(MPIError) {
    let stride = MemoryLayout<Int32>.stride
    var own: UnsafeMutableRawPointer?
    let call: StaticString = "MPI_Win_allocate_shared"
    do {
      try check(
        MPI_Win_allocate_shared(
          local.rank == 0 ? stride * (1 + local.size) : 0, Int32(stride), tutti_mpi_null_info(),
          local.handle, &own, &window), call)
    } catch {
      // MPI says no more than that there was an internal error.
      let shortage = SharedMemory.shortage(
        ranks: local.size, freeBytes: SharedMemory.freeBytes, library: libraryVersion())
      throw shortage.map { MPIError(call, $0) } ?? error
    }
    var length = 0
    var unit: Int32 = 0
    var shared: UnsafeMutableRawPointer?
    try check(MPI_Win_shared_query(window, 0, &length, &unit, &shared), "MPI_Win_shared_query")
    guard let shared else { throw MPIError("MPI_Win_shared_query", "no memory came back") }
    words = shared.assumingMemoryBound(to: Int32.self)
    ownWord = 1 + local.rank
    if local.rank == 0 { words.update(repeating: 0, count: 1 + local.size) }
    try local.barrier()
  }

  /// Whether the caller is the first of its host.
  func claim() -> Bool { tutti_claim(words) != 0 }

  /// Shows the others what this rank does.
  func show(_ activity: Activity) { tutti_store(words + ownWord, activity.rawValue) }

  /// What a rank, by its number on this host, has shown last.
  func activity(of rankOnHost: Int) -> Activity {
    Activity(rawValue: tutti_load(words + 1 + rankOnHost)) ?? .computing
  }

  /// Gives the memory back; the board is of no more use. Collective.
  func free() throws(MPIError) { try check(MPI_Win_free(&window), "MPI_Win_free") }
}
