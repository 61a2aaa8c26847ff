import Testing
import WorkerRun

@testable import MPI

@Suite struct CommunicatorTests {
  @Test(arguments: [1, 2, 3, 4, 8])
  func `every operation gives what it must`(ranks: Int) throws {
    let run = try WorkerRun.run(["communicator"], ranks: ranks)
    #expect(run.lines == ["all operations agree on \(ranks) ranks"])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test func `a process without mpirun is a world of one rank`() throws {
    let run = try WorkerRun.run(["communicator"], ranks: nil)
    #expect(run.lines == ["all operations agree on 1 ranks"])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test(arguments: [0, 1, 4, 5, 8, 9])
  func `a buffer travels in pieces that tile it`(count: Int) {
    let pieces = Communicator.pieces(count, longest: 4)
    #expect(pieces.allSatisfy { (1...4).contains($0.count) })
    #expect(pieces.flatMap { Array($0) } == Array(0..<count))
  }

  @Test func `counts beyond 32 bits are an error, not a smaller number`() throws {
    _ = try Extents([0..<Int(Int32.max)], "MPI_Ialltoallv")
    #expect(throws: MPIError.self) { try Extents([0..<(1 << 32)], "MPI_Ialltoallv") }
  }
}
