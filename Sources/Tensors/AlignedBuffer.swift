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
  package init(count: Int) {
    var raw: UnsafeMutableRawPointer?
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    guard posix_memalign(&raw, Self.alignment, bytes) == 0, let raw else {
      tutti_end_process(
        "out of memory: \(bytes) bytes could not be had; lower training.micro-batch, or use fewer "
          + "ranks on this host")
    }
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    self.count = count
  }

  deinit { free(pointer) }
}
