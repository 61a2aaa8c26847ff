import Synchronization

/// Memory that a tensor or several views share; goes back to its pool with the last of them.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Float>
  /// Floats that may be used.
  package let count: Int
  private let block: BufferPool.Block
  private let pool: BufferPool

  fileprivate init(count: Int, block: BufferPool.Block, pool: BufferPool) {
    self.count = count
    self.block = block
    self.pool = pool
    pointer = block.pointer
  }

  deinit { pool.give(back: block) }
}

/// Recycles memory: a training step asks for the same sizes again and again, and fresh pages from the kernel
/// cost more than the arithmetic done on them.
///
/// Blocks lie side by side on 64 bytes (`BlockRow`), so that what one has left serves others of any size. What was
/// there before is left, so whoever takes memory must overwrite it or ask for zeros.
///
/// Scratch has a row of its own: threads take it in an order that is left to chance, and tensors shall lie where they
/// lay in the step before.
package final class BufferPool: Sendable {
  private static let ordinary = BufferPool()
  @TaskLocal private static var rehearsed: BufferPool?
  /// The one that tensors are taken from, unless they say otherwise.
  package static var shared: BufferPool { rehearsed ?? ordinary }

  fileprivate struct Block: Sendable {
    let isScratch: Bool
    let place: BlockRegions.Place
    var pointer: UnsafeMutablePointer<Float> { place.pointer }
  }

  private struct State {
    var tensors: BlockRegions
    var scratch: BlockRegions
    var bytes = 0
    var peakBytes = 0
  }

  /// What blocks are aligned to, in floats: a cache line, and an AVX-512 vector.
  package static let unit = 64 / MemoryLayout<Float>.stride

  private let state: Mutex<State>

  /// Bytes of a block whose memory is still kept when nobody uses it.
  private let longestIdle: Int

  /// - Parameter longestIdle: bytes of the longest block that is kept for another use.
  package init(longestIdle: Int = .max) {
    self.longestIdle = longestIdle
    state = Mutex(
      State(
        tensors: BlockRegions(isRehearsal: false), scratch: BlockRegions(isRehearsal: false)))
  }

  /// One that keeps account as `pool` would from now on, and lends the same memory to all.
  private init(rehearsalOf pool: BufferPool) {
    longestIdle = pool.longestIdle
    state = Mutex(
      pool.state.withLock {
        State(
          tensors: $0.tensors.rehearsal, scratch: $0.scratch.rehearsal, bytes: $0.bytes,
          peakBytes: $0.bytes)
      })
  }

  /// Runs `body` to find how much memory its tensors would take, without taking it: on this thread, `shared` is a pool
  /// that keeps account as `pool` would from now on, and lends the same memory to all.
  ///
  /// What is written there is garbage, so `body` may take and let go of tensors, and compute nothing that anybody wants:
  /// see `ThreadPool.idle`.
  package static func rehearsing<Result>(
    as pool: BufferPool = .shared, _ body: (BufferPool) throws -> Result
  ) rethrows -> Result {
    let rehearsal = BufferPool(rehearsalOf: pool)
    return try $rehearsed.withValue(rehearsal) { try body(rehearsal) }
  }

  /// Memory for `count` floats with unknown contents.
  package func take(_ count: Int) -> Storage {
    Storage(count: count, block: block(of: count, isScratch: false), pool: self)
  }

  /// Lends memory for `count` floats with unknown contents to `body`. A pointer taken out of a local
  /// `Storage` isn't enough: Swift may free the storage after its last mention.
  package func withScratch<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    let block = block(of: count, isScratch: true)
    defer { give(back: block) }
    return body(block.pointer)
  }

  private func block(of count: Int, isScratch: Bool) -> Block {
    let count = (max(count, 1) + Self.unit - 1) / Self.unit * Self.unit
    return state.withLock { state in
      let (place, new) =
        isScratch
        ? state.scratch.take(count, beside: state.bytes)
        : state.tensors.take(count, beside: state.bytes)
      state.bytes += new * MemoryLayout<Float>.stride
      state.peakBytes = max(state.peakBytes, state.bytes)
      return Block(isScratch: isScratch, place: place)
    }
  }

  fileprivate func give(back block: Block) {
    let keepsMemory = block.place.range.count * MemoryLayout<Float>.stride <= longestIdle
    state.withLock { state in
      if block.isScratch {
        state.scratch.free(block.place, keepsMemory: keepsMemory)
      } else {
        state.tensors.free(block.place, keepsMemory: keepsMemory)
      }
    }
  }

  /// Gives the system back what nobody uses, between phases whose sizes differ.
  package func releaseIdle() {
    state.withLock { state in
      let count = state.tensors.release() + state.scratch.release()
      state.bytes -= count * MemoryLayout<Float>.stride
    }
  }

  /// From here on, the worst moment is sought anew.
  package func forgetPeak() { state.withLock { $0.peakBytes = $0.bytes } }

  /// Bytes that the system has given.
  package var bytes: Int { state.withLock(\.bytes) }

  /// Bytes of blocks that somebody has.
  package var bytesInUse: Int {
    state.withLock { ($0.tensors.used + $0.scratch.used) * MemoryLayout<Float>.stride }
  }

  /// Bytes that the system had given at the worst moment so far.
  package var peakBytes: Int { state.withLock { $0.peakBytes } }
}
