import COpenMPI

// Every collective is the non-blocking one of MPI, waited for by us: MPI's own waiting burns a
// core.
extension Communicator {
  /// Returns when all ranks have called it.
  package func barrier() throws(MPIError) {
    let operation = Operation("MPI_Ibarrier", status)
    try operation.post { MPI_Ibarrier(handle, $0) }
    try operation.wait()
  }

  /// Fills the buffer on every rank with what it holds on `root`; all give the same count.
  package func broadcast<T: Element>(
    _ buffer: UnsafeMutablePointer<T>, count: Int, from root: Int
  ) throws(MPIError) {
    let operation = Operation("MPI_Ibcast", status)
    for piece in pieces(count) {
      try operation.post {
        MPI_Ibcast(
          buffer + piece.lowerBound, Int32(piece.count), T.datatype, Int32(root), handle, $0)
      }
    }
    try operation.wait()
  }

  /// The root's values, on every rank; the others' are not looked at.
  package func broadcast<T: Element>(_ values: [T], from root: Int) throws(MPIError) -> [T] {
    var length = [Int64(values.count)]
    try length.withUnsafeMutableBufferPointer { buffer throws(MPIError) in
      guard let base = buffer.baseAddress else { return }
      try broadcast(base, count: 1, from: root)
    }
    let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(1, Int(length[0])))
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return [] }
    if rank == root { _ = buffer.update(fromContentsOf: values) }
    try broadcast(base, count: Int(length[0]), from: root)
    return Array(buffer.prefix(Int(length[0])))
  }

  /// Starts to give every rank the whole buffer, of which rank r holds `ranges[r]`, in place.
  package func startAllGather<T: Element>(
    _ buffer: UnsafeMutablePointer<T>, ranges: [Range<Int>]
  ) throws(MPIError) -> Request {
    let call: StaticString = "MPI_Iallgatherv"
    precondition(ranges.count == size, "\(ranges.count) ranges for \(size) ranks")
    let operation = Operation(call, status)
    for window in windows(of: ranges) {
      let extents = try Extents(window.ranges, call)
      try operation.post(keeping: [extents]) {
        MPI_Iallgatherv(
          tutti_mpi_in_place(), 0, T.datatype, buffer + window.start, extents.counts,
          extents.displacements, T.datatype, handle, $0)
      }
    }
    return Request(operation)
  }

  /// Starts to send `outgoing[r]` of `source` to each rank r, and to receive from each rank r into
  /// `incoming[r]` of `target`. The lengths on both sides must agree. A rank that sends nothing may
  /// leave out the source.
  package func startAllToAll<T: Element>(
    _ source: UnsafePointer<T>?, outgoing: [Range<Int>], _ target: UnsafeMutablePointer<T>,
    incoming: [Range<Int>]
  ) throws(MPIError) -> Request {
    let call: StaticString = "MPI_Ialltoallv"
    precondition(outgoing.count == size && incoming.count == size, "one range for each rank")
    // Open MPI's libnbc would take that for MPI_IN_PLACE and wait for messages nobody sends.
    precondition(source != UnsafePointer(target), "source and target at one address")
    let sent = try Extents(outgoing, call)
    let received = try Extents(incoming, call)
    let operation = Operation(call, status)
    try operation.post(keeping: [sent, received]) {
      MPI_Ialltoallv(
        source, sent.counts, sent.displacements, T.datatype, target, received.counts,
        received.displacements, T.datatype, handle, $0)
    }
    return Request(operation)
  }

  /// Each rank's values, on every rank, in rank order. The lengths may differ.
  package func allGather<T: Element>(_ values: [T]) throws(MPIError) -> [[T]] {
    let ranges = Self.consecutive(try lengths(of: values))
    let total = ranges.last?.upperBound ?? 0
    let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(1, total))
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return [] }
    values.withUnsafeBufferPointer { own in
      guard let source = own.baseAddress else { return }
      (base + ranges[rank].lowerBound).update(from: source, count: own.count)
    }
    try startAllGather(base, ranges: ranges).wait()
    return ranges.map { Array(buffer[$0]) }
  }

  /// Each rank's values, on `root`, in rank order; nil on the others. The lengths may differ.
  package func gather<T: Element>(_ values: [T], to root: Int = 0) throws(MPIError) -> [[T]]? {
    let call: StaticString = "MPI_Igatherv"
    let ranges = Self.consecutive(try lengths(of: values))
    let total = rank == root ? ranges.last?.upperBound ?? 0 : 0
    let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(1, total))
    let own = UnsafeMutableBufferPointer<T>.allocate(capacity: max(1, values.count))
    defer {
      buffer.deallocate()
      own.deallocate()
    }
    _ = own.update(fromContentsOf: values)
    let operation = Operation(call, status)
    for window in windows(of: ranges) {
      let extents = try Extents(window.ranges, call)
      let part = window.ranges[rank]
      let sent = part.isEmpty ? 0 : window.start + part.lowerBound - ranges[rank].lowerBound
      try operation.post(keeping: [extents]) {
        MPI_Igatherv(
          own.baseAddress.map { $0 + sent }, Int32(part.count), T.datatype,
          buffer.baseAddress.map { $0 + (rank == root ? window.start : 0) }, extents.counts,
          extents.displacements, T.datatype, Int32(root), handle, $0)
      }
    }
    try operation.wait()
    return rank == root ? ranges.map { Array(buffer[$0]) } : nil
  }

  /// The sum over the ranks of each integer, on every rank; exact, so the order doesn't matter.
  package func sum(_ values: [Int64]) throws(MPIError) -> [Int64] {
    let buffer = UnsafeMutableBufferPointer<Int64>.allocate(capacity: max(1, values.count))
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return [] }
    _ = buffer.update(fromContentsOf: values)
    let operation = Operation("MPI_Iallreduce", status)
    for piece in pieces(values.count) {
      try operation.post {
        MPI_Iallreduce(
          tutti_mpi_in_place(), base + piece.lowerBound, Int32(piece.count), Int64.datatype,
          tutti_mpi_sum(), handle, $0)
      }
    }
    try operation.wait()
    return Array(buffer.prefix(values.count))
  }

  /// How many values each rank has.
  private func lengths<T>(of values: [T]) throws(MPIError) -> [Int] {
    let lengths = UnsafeMutablePointer<Int64>.allocate(capacity: size)
    defer { lengths.deallocate() }
    lengths.initialize(repeating: 0, count: size)
    lengths[rank] = Int64(values.count)
    try startAllGather(lengths, ranges: (0..<size).map { $0..<($0 + 1) }).wait()
    return (0..<size).map { Int(lengths[$0]) }
  }

  /// What each rank has of a buffer, piece by piece: MPI counts in 32 bits from a piece's start.
  private func windows(of ranges: [Range<Int>]) -> [(start: Int, ranges: [Range<Int>])] {
    pieces(ranges.map(\.upperBound).max() ?? 0).map { piece in
      let parts = ranges.map { range in
        let part = range.clamped(to: piece)
        return (part.lowerBound - piece.lowerBound)..<(part.upperBound - piece.lowerBound)
      }
      return (piece.lowerBound, parts)
    }
  }

  /// Neighbouring ranges of the given lengths.
  static func consecutive(_ lengths: [Int]) -> [Range<Int>] {
    var end = 0
    return lengths.map { length in
      defer { end += length }
      return end..<(end + length)
    }
  }
}
