import CProcessor
import Glibc

/// Single-owner memory for `count` floats that starts on 64 bytes, a cache line and an AVX-512
/// vector. The contents are not initialised; freed when the owner lets go.
package struct AlignedBuffer: ~Copyable, @unchecked Sendable {
  package static let alignment = 64
  /// Floats in one aligned unit.
  package static let unit = alignment / MemoryLayout<Float>.stride

  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int
  package var bytes: Int { count * MemoryLayout<Float>.stride }

  /// When there is no memory, the process ends with a sentence.
  ///
  /// - Parameter held: bytes of memory that there is for the same use already, for that sentence.
  package init(count: Int, beside held: Int = 0) {
    var raw: UnsafeMutableRawPointer?
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    guard posix_memalign(&raw, Self.alignment, bytes) == 0, let raw else {
      tutti_end_process(
        "out of memory: \(bytes / 1_000_000) MB for a tensor could not be had beside the "
          + "\(held / 1_000_000) MB of others; lower training.micro-batch, set training.recompute to blocks, or "
          + "use fewer ranks on this host")
    }
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    self.count = count
  }

  deinit { free(pointer) }
}
