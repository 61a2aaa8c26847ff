import Testing
import WorkerRun

@testable import MPI

@Suite("Communicator") struct CommunicatorTests {
  @Test("every operation gives what it must", arguments: [1, 2, 3, 4, 8])
  func operations(ranks: Int) throws {
    let run = try WorkerRun.run(["communicator"], ranks: ranks)
    #expect(run.lines == ["all operations agree on \(ranks) ranks"])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test("a process without mpirun is a world of one rank")
  func alone() throws {
    let run = try WorkerRun.run(["communicator"], ranks: nil)
    #expect(run.lines == ["all operations agree on 1 ranks"])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test("a buffer travels in pieces that tile it", arguments: [0, 1, 4, 5, 8, 9])
  func pieces(count: Int) {
    let pieces = Communicator.pieces(count, longest: 4)
    #expect(pieces.allSatisfy { (1...4).contains($0.count) })
    #expect(pieces.flatMap { Array($0) } == Array(0..<count))
  }

  @Test("counts beyond 32 bits are an error, not a smaller number")
  func overflow() throws {
    _ = try Extents([0..<Int(Int32.max)], "MPI_Ialltoallv")
    #expect(throws: MPIError.self) { try Extents([0..<(1 << 32)], "MPI_Ialltoallv") }
  }
}
