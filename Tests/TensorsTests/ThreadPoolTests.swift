import Synchronization
import Tensors
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: 1...4, [0, 1, 3, 1000])
  func `every chunk runs once`(_ threads: Int, _ chunks: Int) {
    let pool = ThreadPool(threads: threads)
    for _ in 0..<20 {
      let counts = UnsafeMutablePointer<Int>.allocate(capacity: max(chunks, 1))
      counts.initialize(repeating: 0, count: max(chunks, 1))
      defer { counts.deallocate() }
      pool.run(chunks) { counts[$0] += 1 }
      #expect((0..<chunks).allSatisfy { counts[$0] == 1 })
    }
  }

  @Test func `an idle pool runs nothing`() {
    let pool = ThreadPool.idle(threads: 3)
    pool.run(5) { _ in Issue.record("a chunk was run") }
    #expect(pool.threads == 3)
  }

  @Test(arguments: [(0, 1, 1), (1, 1, 1), (10, 3, 1), (1000, 7, 8), (65, 1, 16)])
  func `partitions tile`(_ count: Int, _ least: Int, _ grain: Int) {
    let partition = Partition(count, least: least, grain: grain)
    var next = 0
    for chunk in 0..<partition.chunks {
      #expect(partition[chunk].lowerBound == next)
      #expect(partition[chunk].count <= partition.longest)
      next = partition[chunk].upperBound
      #expect(next % grain == 0 || next == count)
    }
    #expect(next == count)
  }
}
