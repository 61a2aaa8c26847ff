import Synchronization

/// Memory that a tensor or several views share; goes back to its pool with the last of them.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Float>
  /// Floats that may be used; what was allocated may be longer.
  package let count: Int
  private let buffer: BufferPool.Block
  private let pool: BufferPool

  fileprivate init(count: Int, buffer: BufferPool.Block, pool: BufferPool) {
    self.count = count
    self.buffer = buffer
    self.pool = pool
    pointer = buffer.memory.pointer
  }

  deinit { pool.give(back: buffer) }
}

/// Recycles aligned buffers: a training step asks for the same sizes again and again, and fresh
/// pages from the kernel cost more than the arithmetic done on them.
///
/// A request is served by the smallest idle block that is at most a quarter too long. What a block
/// held before is left in it, so whoever takes one must overwrite it or ask for zeros.
package final class BufferPool: Sendable {
  package static let shared = BufferPool()

  fileprivate final class Block: Sendable {
    let memory: AlignedBuffer
    init(count: Int) { memory = AlignedBuffer(count: count) }
  }

  private struct State {
    /// Idle blocks in ascending order of length.
    var idle: [Block] = []
    var bytes = 0
    var peakBytes = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Memory for `count` floats with unknown contents.
  package func take(_ count: Int) -> Storage {
    let unit = AlignedBuffer.unit
    let rounded = (max(count, 1) + unit - 1) / unit * unit
    let block = state.withLock { state in
      let first = Self.position(of: rounded, in: state.idle)
      if first < state.idle.count, state.idle[first].memory.count <= rounded + rounded / 4 {
        return state.idle.remove(at: first)
      }
      state.bytes += rounded * MemoryLayout<Float>.stride
      state.peakBytes = max(state.peakBytes, state.bytes)
      return Block(count: rounded)
    }
    return Storage(count: count, buffer: block, pool: self)
  }

  /// Lends memory for `count` floats with unknown contents to `body`. A pointer taken out of a local
  /// `Storage` isn't enough: Swift may free the storage after its last mention.
  package func withScratch<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    let storage = take(count)
    return withExtendedLifetime(storage) { body(storage.pointer) }
  }

  fileprivate func give(back block: Block) {
    state.withLock { state in
      state.idle.insert(block, at: Self.position(of: block.memory.count, in: state.idle))
    }
  }

  /// Bytes allocated at the worst moment so far, idle blocks included.
  package var peakBytes: Int { state.withLock { $0.peakBytes } }

  /// The first idle block with at least `count` floats.
  private static func position(of count: Int, in idle: [Block]) -> Int {
    var low = 0
    var high = idle.count
    while low < high {
      let middle = (low + high) / 2
      if idle[middle].memory.count < count { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
