import COpenMPI
import CProcessor

/// An operation under way. It must be waited for: a request that is dropped ends the process.
///
/// The memory it reads and writes belongs to the caller, who may not touch it before `wait` is
/// over.
package struct Request: ~Copyable {
  private let operation: Operation

  init(_ operation: Operation) { self.operation = operation }

  /// Returns when the operation is complete on this rank.
  package consuming func wait() throws(MPIError) { try operation.wait() }

  deinit {
    if !operation.isOver {
      tutti_end_process("a request for \(operation.call) was dropped without wait()")
    }
  }
}

/// What a request owns: MPI's handles, and the tables of counts that MPI reads until the end.
final class Operation {
  let call: StaticString
  private(set) var isOver = false
  private let status: RankStatus
  private var handles: [MPI_Request?] = []
  private var extents: [Extents] = []

  init(_ call: StaticString, _ status: RankStatus) {
    self.call = call
    self.status = status
  }

  /// Posts one of the operation's parts, handing MPI the place of its handle.
  func post(
    keeping kept: [Extents] = [], _ start: (UnsafeMutablePointer<MPI_Request?>) -> Int32
  ) throws(MPIError) {
    var handle: MPI_Request?
    extents += kept
    let code = start(&handle)
    if code != MPI_SUCCESS { isOver = true }
    try check(code, call)
    handles.append(handle)
  }

  func wait() throws(MPIError) {
    defer { isOver = true }
    try status.waiting(in: call) { () throws(MPIError) in
      var backoff = Backoff()
      while true {
        var complete: Int32 = 0
        try check(
          MPI_Testall(Int32(handles.count), &handles, &complete, tutti_mpi_ignore_statuses()), call)
        if complete != 0 { return }
        backoff.pause()
      }
    }
  }
}

/// Where each rank's part of a buffer lies, as MPI wants it: 32-bit counts and displacements.
final class Extents {
  let counts: UnsafeMutablePointer<Int32>
  let displacements: UnsafeMutablePointer<Int32>

  /// - Throws: when a part begins or ends beyond 2³¹ elements.
  init(_ ranges: [Range<Int>], _ call: StaticString) throws(MPIError) {
    if let far = ranges.first(where: { Int32(exactly: $0.upperBound) == nil }) {
      throw MPIError(call, "elements \(far) lie beyond MPI's limit of \(Int32.max)")
    }
    counts = .allocate(capacity: ranges.count)
    displacements = .allocate(capacity: ranges.count)
    for (rank, range) in ranges.enumerated() {
      (counts + rank).initialize(to: Int32(range.count))
      (displacements + rank).initialize(to: Int32(range.lowerBound))
    }
  }

  deinit {
    counts.deallocate()
    displacements.deallocate()
  }
}
