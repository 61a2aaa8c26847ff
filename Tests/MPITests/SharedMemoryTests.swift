import Testing

@testable import MPI

@Suite struct SharedMemoryTests {
  @Test(arguments: [
    (ranks: 8, free: 8 << 22, library: "Open MPI v4.1.4, package: Debian", isShort: false),
    (ranks: 8, free: 8 << 22 - 1, library: "Open MPI v4.1.4, package: Debian", isShort: true),
    (ranks: 8, free: 8 << 22, library: "Open MPI v5.0.11, package: Open MPI", isShort: true),
    (ranks: 8, free: 8 << 24, library: "Open MPI v5.0.11, package: Open MPI", isShort: false),
    // It shares with nobody.
    (ranks: 1, free: 0, library: "Open MPI v4.1.4", isShort: false),
    (ranks: 8, free: nil, library: "Open MPI v4.1.4", isShort: false),
  ])
  func `too little for the ranks of a host is told with both numbers`(
    ranks: Int, free: Int?, library: String, isShort: Bool
  ) throws {
    let shortage = SharedMemory.shortage(ranks: ranks, freeBytes: free, library: library)
    #expect((shortage != nil) == isShort)
    if let shortage, let free {
      let needed = library.contains("v5") ? ranks << 24 : ranks << 22
      #expect(
        shortage.hasPrefix(
          "/dev/shm has \(free) bytes free, and the 8 ranks of this host need \(needed): "))
    }
  }
}
