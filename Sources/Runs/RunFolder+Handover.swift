import Checkpoints
import Glibc

extension RunFolder {
  /// Seconds that a network's file system may take to show here what another host has written.
  private static let patience = 60

  /// Waits until a checkpoint is seen here that another process has just written, perhaps on another host.
  ///
  /// - Throws: `CrossvalError.notShared` after a minute; `FileError`.
  package func awaitCheckpoint(ofStep step: Int) throws {
    for _ in 0..<(20 * Self.patience) {
      if try checkpoints.steps().contains(step) { return }
      usleep(50_000)
    }
    throw CrossvalError.notShared(path: path)
  }
}
