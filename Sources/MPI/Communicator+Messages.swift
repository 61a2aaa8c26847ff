import COpenMPI

extension Communicator {
  /// Starts to send `count` elements to a rank.
  package func startSend<T: Element>(
    _ source: UnsafePointer<T>, count: Int, to receiver: Int, tag: Int = 0
  ) throws(MPIError) -> Request {
    let operation = Operation("MPI_Isend", status)
    for piece in pieces(count) {
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
    let operation = Operation("MPI_Irecv", status)
    for piece in pieces(count) {
      try operation.post {
        MPI_Irecv(
          target + piece.lowerBound, Int32(piece.count), T.datatype, Int32(sender), Int32(tag),
          handle, $0)
      }
    }
    return Request(operation)
  }

  /// Sends some numbers, and returns when they are on their way.
  package func send(_ numbers: [Int64], to receiver: Int, tag: Int) throws(MPIError) {
    let place = UnsafeMutableBufferPointer<Int64>.allocate(capacity: numbers.count)
    defer { place.deallocate() }
    _ = place.initialize(from: numbers)
    guard let start = place.baseAddress else { return }
    try startSend(start, count: numbers.count, to: receiver, tag: tag).wait()
  }

  /// As many numbers as a rank sends.
  package func receive(count: Int, from sender: Int, tag: Int) throws(MPIError) -> [Int64] {
    let place = UnsafeMutableBufferPointer<Int64>.allocate(capacity: count)
    defer { place.deallocate() }
    place.initialize(repeating: 0)
    guard let start = place.baseAddress else { return [] }
    try startReceive(start, count: count, from: sender, tag: tag).wait()
    return Array(place)
  }

  /// The same for one number.
  package func send(_ number: Int, to receiver: Int, tag: Int) throws(MPIError) {
    try send([Int64(number)], to: receiver, tag: tag)
  }

  /// The same for one number.
  package func receive(from sender: Int, tag: Int) throws(MPIError) -> Int {
    Int(try receive(count: 1, from: sender, tag: tag)[0])
  }

  /// A rank of which a message with this tag has come that nobody has received; nil at once when
  /// there is none.
  package func senderWaiting(tag: Int) throws(MPIError) -> Int? {
    var flag: Int32 = 0
    var status = MPI_Status()
    // Open MPI answers by what it knows, and only then looks for what has come: a rank that makes no other MPI calls
    // would hear of it the next time.
    for _ in 0..<2 where flag == 0 {
      try check(
        MPI_Iprobe(tutti_mpi_any_source(), Int32(tag), handle, &flag, &status), "MPI_Iprobe")
    }
    return flag == 0 ? nil : Int(status.MPI_SOURCE)
  }

  /// The pieces in which `count` elements travel; both sides cut alike.
  func pieces(_ count: Int) -> [Range<Int>] { Self.pieces(count, longest: longestPiece) }

  static func pieces(_ count: Int, longest: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: longest).map { $0..<min($0 + longest, count) }
  }
}
