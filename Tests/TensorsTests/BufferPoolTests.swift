import Tensors
import Testing

@Suite struct BufferPoolTests {
  @Test func memoryIsAlignedAndReused() {
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

  @Test func twoOwnersNeverShare() {
    let pool = BufferPool()
    let kept = (0..<8).map { _ in pool.take(64) }
    #expect(Set(kept.map(\.pointer)).count == 8)
  }
}
