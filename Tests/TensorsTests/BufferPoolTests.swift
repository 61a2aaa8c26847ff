import Tensors
import Testing

@Suite struct BufferPoolTests {
  @Test func `memory is aligned and reused`() {
    let pool = BufferPool()
    let first = pool.take(1000).pointer
    #expect(UInt(bitPattern: first) % 64 == 0)
    #expect(pool.take(1000).pointer == first)
    #expect(pool.take(990).pointer == first)
    // A block more than a quarter too long is left for a request that needs it.
    #expect(pool.take(100).pointer != first)
    #expect(pool.peakBytes == (1008 + 112) * 4)
    // No more than there is already.
    _ = pool.take(995)
    #expect(pool.peakBytes == (1008 + 112) * 4)
  }

  @Test func `two owners never share`() {
    let pool = BufferPool()
    let kept = (0..<8).map { _ in pool.take(64) }
    #expect(Set(kept.map(\.pointer)).count == 8)
  }

  @Test func `scratch of many sizes is held once`() {
    let pool = BufferPool()
    for count in [1024, 2048, 8192, 4096, 2048] { pool.withScratch(count) { _ in } }
    // Each made the shorter one before it give way, and the longest served the rest.
    #expect(pool.peakBytes == 8192 * 4)
    pool.withScratch(4096) { outer in
      pool.withScratch(4096) { inner in #expect(inner != outer) }
    }
    // Far smaller requests don't take the long block away.
    pool.withScratch(64) { _ in }
    #expect(pool.peakBytes == (8192 + 4096 + 64) * 4)
  }

  @Test func `a rehearsal keeps account and takes one block`() {
    let outside = BufferPool.shared
    let bytes = BufferPool.rehearsing { memory in
      #expect(memory === BufferPool.shared && memory !== outside)
      let first = Tensor(uninitialized: [1 << 20])
      do {
        let second = Tensor(uninitialized: [1 << 20])
        #expect(first.pointer == second.pointer)
      }
      // What was let go of is taken again.
      let third = Tensor(uninitialized: [(1 << 20) - 100])
      memory.withScratch(1 << 10) { _ in }
      return withExtendedLifetime((first, third)) { memory.bytesInUse }
    }
    #expect(bytes == (2 << 20) * 4)
    #expect(BufferPool.shared === outside)
  }

  @Test func `a rehearsal's worst moment is that of the same without it`() {
    func work(_ pool: BufferPool) -> Int {
      var kept: [Storage] = []
      for count in [1000, 2000, 1500, 64, 9000] {
        kept.append(pool.take(count))
        pool.withScratch(3 * count) { _ in }
        if kept.count == 3 { kept.removeFirst(2) }
      }
      return withExtendedLifetime(kept) { pool.peakBytes }
    }
    #expect(BufferPool.rehearsing { work($0) } == work(BufferPool()))
  }
}
