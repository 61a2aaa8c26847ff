import CProcessor
import Glibc
import Synchronization

/// Makes sure that OpenBLAS gets the memory that it packs matrices into: a buffer for each thread
/// that is inside it at a time, kept for the next one. Where the system gives it none
/// (`ulimit -v`), OpenBLAS up to 0.3.21 at least asks again for ever, and hears no signal but SIGKILL.
///
/// This can go when `blas_memory_alloc` gives up by itself.
enum BLASMemory {
  /// Threads inside, and the most there have been.
  private static let inside = Atomic<Int>(0)
  private static let most = Atomic<Int>(0)
  private static let turn = Mutex(())

  /// Calls `body`, which calls OpenBLAS once. When there is no memory for it, the process ends with
  /// a sentence.
  static func using(_ body: () -> Void) {
    let number = inside.add(1, ordering: .relaxed).newValue
    defer { inside.subtract(1, ordering: .relaxed) }
    guard number > most.load(ordering: .relaxed) else { return body() }
    // One after the other, so that nobody takes what was found for somebody else.
    turn.withLock { _ in
      // One that came later may have had its turn, and found memory for both.
      guard number > most.load(ordering: .relaxed) else { return body() }
      // Who had its turn has gone, and left its buffer to the next: of those for all that are
      // inside now, one at most is there.
      let bytes = BLAS.bytesPerThread * (number - (most.load(ordering: .relaxed) > 0 ? 1 : 0))
      let place = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      if place == MAP_FAILED {
        tutti_end_process(
          "out of memory: OpenBLAS needs \(BLAS.bytesPerThread) bytes for each thread, and the system gives none "
            + "(\(String(cString: strerror(errno)))); raise the limit (ulimit -v), or use fewer threads"
        )
      }
      munmap(place, bytes)
      most.store(number, ordering: .relaxed)
      body()
    }
  }
}
