import COpenMPI

/// A group of ranks that talk to each other. Its operations are collective: all its ranks make the
/// same calls in the same order, from the one thread that owns MPI.
///
/// It lives until MPI is finalised: freeing is collective too, and reference counting ends lives at
/// other times on other ranks.
package final class Communicator {
  let handle: MPI_Comm?
  let status: RankStatus
  package let rank: Int
  package let size: Int
  /// Elements sent at once, the same on all ranks: MPI counts in 32 bits, and some transports in
  /// bytes of 31.
  package var longestPiece = 1 << 27

  init(_ handle: MPI_Comm?, _ status: RankStatus) throws(MPIError) {
    try check(
      MPI_Comm_set_errhandler(handle, tutti_mpi_errors_return()), "MPI_Comm_set_errhandler")
    var rank: Int32 = 0
    var size: Int32 = 0
    try check(MPI_Comm_rank(handle, &rank), "MPI_Comm_rank")
    try check(MPI_Comm_size(handle, &size), "MPI_Comm_size")
    self.handle = handle
    self.status = status
    self.rank = Int(rank)
    self.size = Int(size)
  }

  /// This rank's number among all ranks of the run.
  package var rankInWorld: Int { status.rank }

  /// The same ranks with messages of their own, so that two users can't take each other's.
  package func duplicate() throws(MPIError) -> Communicator {
    let operation = Operation("MPI_Comm_idup", status)
    // The handle is written when the request completes: it needs a place that stays.
    let copy = UnsafeMutablePointer<MPI_Comm?>.allocate(capacity: 1)
    defer { copy.deallocate() }
    copy.initialize(to: tutti_mpi_null_communicator())
    try operation.post { MPI_Comm_idup(handle, copy, $0) }
    try operation.wait()
    return try Communicator(copy.pointee, status)
  }

  /// One communicator for each color, its ranks in the order of their keys, ties in today's order.
  package func split(color: Int, key: Int) throws(MPIError) -> Communicator {
    var part: MPI_Comm?
    try status.waiting(in: "MPI_Comm_split") { () throws(MPIError) in
      try check(MPI_Comm_split(handle, Int32(color), Int32(key), &part), "MPI_Comm_split")
    }
    return try Communicator(part, status)
  }

  /// A communicator of some of the ranks, in this order; collective over these alone.
  ///
  /// Open MPI 4 makes it by messages of its own with this tag, so nobody may send any over this communicator meanwhile.
  ///
  /// - Parameter tag: tells groups apart that are made at the same time.
  package func group(of ranks: [Int], tag: Int) throws(MPIError) -> Communicator {
    let all = try Group("MPI_Comm_group") { MPI_Comm_group(handle, $0) }
    let numbers = ranks.map(Int32.init)
    let some = try Group("MPI_Group_incl") {
      MPI_Group_incl(all.handle, Int32(numbers.count), numbers, $0)
    }
    var part: MPI_Comm?
    try status.waiting(in: "MPI_Comm_create_group") { () throws(MPIError) in
      try check(
        MPI_Comm_create_group(handle, some.handle, Int32(tag), &part), "MPI_Comm_create_group")
    }
    return try Communicator(part, status)
  }

  /// The ranks that share this rank's host.
  package func nodeLocal() throws(MPIError) -> Communicator {
    var part: MPI_Comm?
    try check(
      MPI_Comm_split_type(
        handle, Int32(MPI_COMM_TYPE_SHARED), Int32(rank), tutti_mpi_null_info(), &part),
      "MPI_Comm_split_type")
    return try Communicator(part, status)
  }
}

/// A list of ranks, as MPI has it.
private struct Group: ~Copyable {
  private(set) var handle: MPI_Group?

  init(
    _ call: StaticString, _ make: (UnsafeMutablePointer<MPI_Group?>) -> Int32
  ) throws(MPIError) {
    try check(make(&handle), call)
  }

  deinit {
    var handle = handle
    MPI_Group_free(&handle)
  }
}
