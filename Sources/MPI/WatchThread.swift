import CProcessor
import Glibc

/// Runs `body` on a thread of its own that nobody waits for. A process that gets no thread is
/// ended.
func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
  if code != 0 {
    tutti_end_process("no thread could be started: \(String(cString: strerror(code)))")
  }
  pthread_detach(thread)
}
