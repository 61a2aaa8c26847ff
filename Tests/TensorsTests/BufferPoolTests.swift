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
}
