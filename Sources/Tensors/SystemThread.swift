import CProcessor
import Glibc

/// A thread of our own, outside Swift's cooperative pool, with denormals flushed to zero.
package struct SystemThread: Sendable {
  /// Bytes of addresses that a thread takes: its stack, and the heap that glibc sets aside for one that allocates.
  package static let addresses = (8 + 64) << 20

  private let handle: pthread_t

  /// Starts the thread. The process ends with a sentence when the system has none to give.
  package init(_ body: @escaping @Sendable () -> Void) {
    var handle = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        tutti_flush_denormals_to_zero()
        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    if code != 0 {
      tutti_end_process("no thread could be started: \(String(cString: strerror(code)))")
    }
    self.handle = handle
  }

  /// Waits for its end; to be called once.
  package func join() { pthread_join(handle, nil) }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
