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

  fileprivate struct Block: @unchecked Sendable {
    let isScratch: Bool
    let region: Int
    /// In floats from the region's start.
    let range: Range<Int>
    let pointer: UnsafeMutablePointer<Float>
  }

  /// A row of blocks, and where it lies.
  private struct Region {
    var row = BlockRow()
    let memory: MappedMemory
    /// Floats from the start on that the system has given.
    var touched = 0
  }

  private struct State {
    /// One each, unless addresses are scarce.
    var tensors: [Region] = []
    var scratch: [Region] = []
    var bytes = 0
    var peakBytes = 0
  }

  /// What blocks are aligned to, in floats: a cache line, and an AVX-512 vector.
  package static let unit = 64 / MemoryLayout<Float>.stride

  private let state = Mutex(State())

  /// Bytes of a block whose memory is still kept when nobody uses it.
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

  /// Runs `body` to find how much memory its tensors would take, without taking it: on this thread, `shared` is a pool
  /// that keeps account as `pool` would from now on, and lends the same memory to all.
  ///
  /// What is written there is garbage, so `body` may take and let go of tensors, and compute nothing that anybody wants:
  /// see `ThreadPool.idle`.
  package static func rehearsing<Result>(
    as pool: BufferPool = .shared, _ body: (BufferPool) throws -> Result
  ) rethrows -> Result {
    let rehearsal = BufferPool(isRehearsal: true)
    let now = pool.state.withLock { ($0.tensors, $0.scratch, $0.bytes) }
    rehearsal.state.withLock { state in
      func copies(of regions: [Region]) -> [Region] {
        regions.map {
          Region(
            row: $0.row, memory: MappedMemory(atLeast: 1, beside: 0), touched: $0.touched)
        }
      }
      state.tensors = copies(of: now.0)
      state.scratch = copies(of: now.1)
      (state.bytes, state.peakBytes) = (now.2, now.2)
    }
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
      let held = state.bytes
      func take(from regions: inout [Region]) -> (block: Block, newBytes: Int) {
        let (number, gap) = place(for: count, in: &regions, beside: held)
        let range = regions[number].row.take(count, from: gap)
        let new = max(0, range.upperBound - regions[number].touched)
        regions[number].touched += new
        let start = regions[number].memory.pointer
        let block = Block(
          isScratch: isScratch, region: number, range: range,
          pointer: isRehearsal ? start : start + range.lowerBound)
        return (block, new * MemoryLayout<Float>.stride)
      }
      let (block, newBytes) = isScratch ? take(from: &state.scratch) : take(from: &state.tensors)
      state.bytes += newBytes
      state.peakBytes = max(state.peakBytes, state.bytes)
      return block
    }
  }

  /// The smallest gap in a region, or else a region with room at its end.
  private func place(
    for count: Int, in regions: inout [Region], beside held: Int
  ) -> (region: Int, gap: Range<Int>?) {
    let gaps = regions.indices.compactMap { number in
      regions[number].row.smallestGap(for: count).map { (region: number, gap: $0) }
    }
    if let best = gaps.min(by: { $0.gap.count < $1.gap.count }) { return best }
    let roomy = regions.firstIndex {
      isRehearsal ? $0.memory.count >= count : $0.memory.count - $0.row.end >= count
    }
    if let roomy { return (roomy, nil) }
    regions.append(Region(memory: MappedMemory(atLeast: count, beside: held)))
    return (regions.count - 1, nil)
  }

  fileprivate func give(back block: Block) {
    state.withLock { state in
      func free(in regions: inout [Region]) {
        regions[block.region].row.free(block.range)
        if block.range.count * MemoryLayout<Float>.stride > longestIdle {
          regions[block.region].memory.drop(block.range)
        }
      }
      if block.isScratch { free(in: &state.scratch) } else { free(in: &state.tensors) }
    }
  }

  /// Gives the system back what nobody uses, between phases whose sizes differ.
  package func releaseIdle() {
    state.withLock { state in
      /// Bytes from the regions' ends.
      func release(_ regions: inout [Region]) -> Int {
        var count = 0
        for number in regions.indices {
          let region = regions[number]
          let rest = region.row.end..<region.touched
          for gap in region.row.gaps + [rest] { region.memory.drop(gap) }
          regions[number].touched = rest.lowerBound
          count += rest.count
        }
        return count * MemoryLayout<Float>.stride
      }
      state.bytes -= release(&state.tensors) + release(&state.scratch)
    }
  }

  /// From here on, the worst moment is sought anew.
  package func forgetPeak() { state.withLock { $0.peakBytes = $0.bytes } }

  /// Bytes that the system has given.
  package var bytes: Int { state.withLock(\.bytes) }

  /// Bytes of blocks that somebody has.
  package var bytesInUse: Int {
    state.withLock { state in
      (state.tensors + state.scratch).reduce(0) { $0 + $1.row.used } * MemoryLayout<Float>.stride
    }
  }

  /// Bytes that the system had given at the worst moment so far.
  package var peakBytes: Int { state.withLock { $0.peakBytes } }
}
