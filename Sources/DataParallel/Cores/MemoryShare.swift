import Files
package import MPI

/// The memory that a rank may take in all: what it has, and its share of what its host, the control group or
/// `ulimit -v` leave. Of that a tenth is left to the system's tables, files and other processes, and to what a forecast can't know,
/// since whoever takes too much is ended without a word.
package struct MemoryShare: Equatable, Sendable, CustomStringConvertible {
  package let bytes: Int
  /// Why no more, for people.
  package let source: String

  package init(bytes: Int, source: String) {
    self.bytes = bytes
    self.source = source
  }

  /// `2.0 GB (what is free)`
  package var description: String { "\(ByteCount(bytes)) (\(source))" }

  /// As it is now, when no rank of the host has begun to take what it will need; nil where the system tells nothing.
  ///
  /// - Parameter addresses: bytes of addresses that threads will have, whose memory is hardly used.
  package init?(on topology: Topology, addresses: Int) {
    let ranks = topology.ranksOnHost
    let resident = ProcessMemory.residentBytes
    func share(_ left: Int?, _ whose: String) -> MemoryShare? {
      left.map {
        MemoryShare(
          bytes: resident + Int(0.9 * Double($0)) / ranks,
          source: ranks == 1
            ? "nine tenths of what \(whose)"
            : "a rank's share of nine tenths of the \(ByteCount($0)) that \(whose) for the host's \(ranks) ranks"
        )
      }
    }
    let shares = [
      share(SystemFile.availableMemory, "is free"),
      share(
        MemoryLimit().bytesLeft, "the control group (a container's or a batch job's limit) leaves"),
      ProcessMemory.addressSpaceLeft.map {
        MemoryShare(
          bytes: resident + Int(0.9 * Double(max(0, $0 - addresses))),
          source:
            "nine tenths of what ulimit -v leaves beside \(ByteCount(addresses)) of addresses for threads"
        )
      },
    ]
    guard let least = shares.compactMap(\.self).min(by: { $0.bytes < $1.bytes }) else { return nil }
    self = least
  }
}
