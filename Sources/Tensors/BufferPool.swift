import Synchronization

/// Memory that a tensor or several views share; goes back to its pool with the last of them.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Float>
  /// Floats that may be used; what was allocated may be longer.
  package let count: Int
  private let block: BufferPool.Block
  private let pool: BufferPool
  private let isScratch: Bool

  fileprivate init(count: Int, block: BufferPool.Block, pool: BufferPool, isScratch: Bool) {
    self.count = count
    self.block = block
    self.pool = pool
    self.isScratch = isScratch
    pointer = block.pointer
  }

  deinit { pool.give(back: block, isScratch: isScratch) }
}

/// Recycles aligned buffers: a training step asks for the same sizes again and again, and fresh
/// pages from the kernel cost more than the arithmetic done on them.
///
/// A request is served by the smallest idle block that is at most a quarter too long. What a block
/// held before is left in it, so whoever takes one must overwrite it or ask for zeros.
///
/// Scratch has blocks of its own, which may be up to eight times too long: kernels ask for a hundred
/// different sizes, a few at a time, and would leave as many blocks behind.
package final class BufferPool: Sendable {
  private static let ordinary = BufferPool()
  @TaskLocal private static var rehearsed: BufferPool?
  /// The one that tensors are taken from, unless they say otherwise.
  package static var shared: BufferPool { rehearsed ?? ordinary }

  fileprivate final class Memory: Sendable {
    let buffer: AlignedBuffer
    init(count: Int, beside held: Int) { buffer = AlignedBuffer(count: count, beside: held) }
  }

  fileprivate struct Block: Sendable {
    let count: Int
    let memory: Memory
    var bytes: Int { count * MemoryLayout<Float>.stride }
    var pointer: UnsafeMutablePointer<Float> { memory.buffer.pointer }
  }

  /// Idle blocks in ascending order of length.
  private struct Shelf {
    private var idle: [Block] = []

    var bytes: Int { idle.reduce(0) { $0 + $1.bytes } }

    /// The smallest block of `count` to `longest` floats.
    mutating func take(_ count: Int, longest: Int) -> Block? {
      let first = position(of: count)
      guard first < idle.count, idle[first].count <= longest else { return nil }
      return idle.remove(at: first)
    }

    mutating func put(_ block: Block) {
      idle.insert(block, at: position(of: block.count))
    }

    /// Frees the blocks of at least `least` floats that are shorter than `count`; gives their bytes.
    mutating func free(from least: Int, below count: Int) -> Int {
      let range = position(of: least)..<max(position(of: least), position(of: count))
      let bytes = idle[range].reduce(0) { $0 + $1.bytes }
      idle.removeSubrange(range)
      return bytes
    }

    /// The first block with at least `count` floats.
    private func position(of count: Int) -> Int {
      var low = 0
      var high = idle.count
      while low < high {
        let middle = (low + high) / 2
        if idle[middle].count < count { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  private struct State {
    var tensors = Shelf()
    var scratch = Shelf()
    var bytes = 0
    var peakBytes = 0
    /// In a rehearsal, the memory that is lent to all.
    var common: Memory?

    mutating func allocate(_ count: Int, isRehearsal: Bool) -> Block {
      let block = Block(count: count, memory: memory(count, isRehearsal: isRehearsal))
      bytes += block.bytes
      peakBytes = max(peakBytes, bytes)
      return block
    }

    private mutating func memory(_ count: Int, isRehearsal: Bool) -> Memory {
      guard isRehearsal else { return Memory(count: count, beside: bytes) }
      if let common, common.buffer.count >= count { return common }
      let larger = Memory(count: count, beside: 0)
      common = larger
      return larger
    }
  }

  private let state = Mutex(State())

  /// Bytes of a block that is still kept when nobody uses it.
  private let longestIdle: Int
  private let isRehearsal: Bool

  /// - Parameter longestIdle: bytes of the longest block that is kept for another use.
  package convenience init(longestIdle: Int = .max) {
    self.init(longestIdle: longestIdle, isRehearsal: false)
  }

  private init(longestIdle: Int = .max, isRehearsal: Bool) {
    self.longestIdle = longestIdle
    self.isRehearsal = isRehearsal
  }

  /// Runs `body` to find how much memory its tensors would take, without taking it: on this thread, `shared` is a new
  /// pool, which keeps account as always and lends the same memory to all.
  ///
  /// What is written there is garbage, so `body` may take and let go of tensors, and compute nothing that anybody wants:
  /// see `ThreadPool.idle`.
  package static func rehearsing<Result>(_ body: (BufferPool) throws -> Result) rethrows -> Result {
    let pool = BufferPool(isRehearsal: true)
    return try $rehearsed.withValue(pool) { try body(pool) }
  }

  /// Memory for `count` floats with unknown contents.
  package func take(_ count: Int) -> Storage {
    let rounded = Self.rounded(count)
    let block = state.withLock { state in
      state.tensors.take(rounded, longest: rounded + rounded / 4)
        ?? state.allocate(rounded, isRehearsal: isRehearsal)
    }
    return Storage(count: count, block: block, pool: self, isScratch: false)
  }

  /// The same of scratch, for things whose sizes are never the same.
  package func takeScratch(_ count: Int) -> Storage {
    Storage(count: count, block: scratch(count), pool: self, isScratch: true)
  }

  /// Lends memory for `count` floats with unknown contents to `body`. A pointer taken out of a local
  /// `Storage` isn't enough: Swift may free the storage after its last mention.
  package func withScratch<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    let block = scratch(count)
    defer { give(back: block, isScratch: true) }
    return withExtendedLifetime(block) { body(block.pointer) }
  }

  private func scratch(_ count: Int) -> Block {
    let rounded = Self.rounded(count)
    return state.withLock { state in
      if let block = state.scratch.take(rounded, longest: 8 * rounded) { return block }
      // Shorter ones of the same order of size give way: the new one serves what they served.
      state.bytes -= state.scratch.free(from: rounded / 8, below: rounded)
      return state.allocate(rounded, isRehearsal: isRehearsal)
    }
  }

  fileprivate func give(back block: Block, isScratch: Bool) {
    state.withLock { state in
      guard block.bytes <= longestIdle else { return state.bytes -= block.bytes }
      if isScratch { state.scratch.put(block) } else { state.tensors.put(block) }
    }
  }

  private static func rounded(_ count: Int) -> Int {
    let unit = AlignedBuffer.unit
    return (max(count, 1) + unit - 1) / unit * unit
  }

  /// Frees the idle blocks, between phases whose sizes differ.
  package func releaseIdle() {
    state.withLock { state in
      state.bytes -= state.tensors.free(from: 0, below: .max)
      state.bytes -= state.scratch.free(from: 0, below: .max)
    }
  }

  /// From here on, the worst moment is sought anew.
  package func forgetPeak() { state.withLock { $0.peakBytes = $0.bytes } }

  /// Bytes allocated, idle blocks included.
  package var bytes: Int { state.withLock(\.bytes) }

  /// Bytes of blocks that somebody has.
  package var bytesInUse: Int {
    state.withLock { $0.bytes - $0.tensors.bytes - $0.scratch.bytes }
  }

  /// Bytes allocated at the worst moment so far, idle blocks included.
  package var peakBytes: Int { state.withLock { $0.peakBytes } }
}
