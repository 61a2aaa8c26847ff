import Tensors
import Testing

@Suite struct BufferPoolTests {
  @Test func `memory is aligned and reused`() {
    let pool = BufferPool()
    let first = pool.take(1000).pointer
    #expect(UInt(bitPattern: first) % 64 == 0)
    // Of any size that fits, and two beside each other in the place of one.
    #expect(pool.take(1000).pointer == first)
    let (one, two) = (pool.take(100), pool.take(880))
    #expect(one.pointer == first && two.pointer == first + 112)
    #expect(pool.peakBytes == 1008 * 4)
    #expect(pool.bytesInUse == 992 * 4)
    #expect(pool.take(64).pointer == first + 992)
    #expect(pool.peakBytes == 1056 * 4)
  }

  @Test func `two owners never share`() {
    let pool = BufferPool()
    let kept = (0..<8).map { _ in pool.take(64) }
    #expect(Set(kept.map(\.pointer)).count == 8)
  }

  @Test func `scratch of many sizes is held once`() {
    let pool = BufferPool()
    let tensor = pool.take(16)
    for count in [1024, 2048, 8192, 4096, 2048] { pool.withScratch(count) { _ in } }
    #expect(pool.peakBytes == (8192 + 16) * 4)
    pool.withScratch(4096) { outer in
      pool.withScratch(4096) { inner in #expect(inner == outer + 4096) }
    }
    #expect(withExtendedLifetime(tensor) { pool.peakBytes } == (8192 + 16) * 4)
  }

  @Test func `what nobody uses is given back`() {
    let pool = BufferPool()
    let kept = pool.take(1 << 20)
    do { pool.take(1 << 20).pointer[5] = 3 }
    #expect(pool.bytes == 8 << 20)
    kept.pointer[7] = 1
    pool.releaseIdle()
    #expect(pool.bytes == 4 << 20)
    // The system gives zeros.
    #expect(pool.take(1 << 20).pointer[5] == 0 && kept.pointer[7] == 1)
  }

  @Test func `a rehearsal keeps account and takes one block`() {
    let outside = BufferPool.shared
    let bytes = BufferPool.rehearsing(as: BufferPool()) { memory in
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
    #expect(bytes == ((1 << 20) + 1_048_480) * 4)
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
    let pool = BufferPool()
    let (before, gap, behind) = (pool.take(100), pool.take(1800), pool.take(100))
    _ = consume gap
    let rehearsed = BufferPool.rehearsing(as: pool) { work($0) }
    #expect(pool.peakBytes < rehearsed)
    #expect(withExtendedLifetime((before, behind)) { work(pool) } == rehearsed)
  }
}
