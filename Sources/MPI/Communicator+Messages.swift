import COpenMPI

extension Communicator {
  /// Elements sent at once: MPI counts in 32 bits, and some transports in bytes of 31.
  static let longestPiece = 1 << 27

  /// Starts to send `count` elements to a rank.
  package func startSend<T: Element>(
    _ source: UnsafePointer<T>, count: Int, to receiver: Int, tag: Int = 0
  ) throws(MPIError) -> Request {
    let operation = Operation("MPI_Isend", situation)
    for piece in Self.pieces(count) {
      try operation.post {
        MPI_Isend(
          source + piece.lowerBound, Int32(piece.count), T.datatype, Int32(receiver), Int32(tag),
          handle, $0)
      }
    }
    return Request(operation)
  }

  /// Starts to receive the `count` elements that a rank sends with the same count.
  package func startReceive<T: Element>(
    _ target: UnsafeMutablePointer<T>, count: Int, from sender: Int, tag: Int = 0
  ) throws(MPIError) -> Request {
    let operation = Operation("MPI_Irecv", situation)
    for piece in Self.pieces(count) {
      try operation.post {
        MPI_Irecv(
          target + piece.lowerBound, Int32(piece.count), T.datatype, Int32(sender), Int32(tag),
          handle, $0)
      }
    }
    return Request(operation)
  }

  /// The pieces in which `count` elements travel; both sides cut alike.
  static func pieces(_ count: Int, longest: Int = longestPiece) -> [Range<Int>] {
    stride(from: 0, to: count, by: longest).map { $0..<min($0 + longest, count) }
  }
}
