import Glibc
import Tensors

/// How fast memory is copied.
enum CopySpeed {
  /// More than any cache of a core holds.
  private static let floats = 4 << 20

  /// Bytes in a second that so many threads copy together.
  static func measure(threads: Int) -> Double {
    let buffers = (0..<(2 * threads)).map { _ in
      let buffer = Tensor(uninitialized: [floats], pool: BufferPool())
      buffer.pointer.update(repeating: 1, count: floats)
      return buffer
    }
    let seconds = Crowd.seconds(threads) { thread in
      { memcpy(buffers[2 * thread].pointer, buffers[2 * thread + 1].pointer, 4 * floats) }
    }
    return Double(threads * 4 * floats) / seconds
  }
}
