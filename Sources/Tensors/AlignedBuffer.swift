import Glibc

/// Single-owner memory for `count` floats that starts on 64 bytes, a cache line and an AVX-512
/// vector. The contents are not initialised; freed when the owner lets go.
package struct AlignedBuffer: ~Copyable, @unchecked Sendable {
  package static let alignment = 64
  /// Floats in one aligned unit.
  package static let unit = alignment / MemoryLayout<Float>.stride

  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int

  /// - Precondition: memory can be had; when it can't, the process ends with the size it wanted.
  package init(count: Int) {
    var raw: UnsafeMutableRawPointer?
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    guard posix_memalign(&raw, Self.alignment, bytes) == 0, let raw else {
      preconditionFailure("out of memory: \(bytes) bytes could not be allocated")
    }
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    self.count = count
  }

  deinit { free(pointer) }
}
