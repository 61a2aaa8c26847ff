import CProcessor
import Glibc

/// Many files that are written to a folder, and reach the disk together: one by one they would be waited for a
/// thousand times as often.
package struct FileSystemSync: ~Copyable {
  private let folder: String
  private let descriptor: Int32

  /// Begins before the first is written, so that no file's failure is missed.
  package init(folder: String) throws {
    self.folder = folder
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("opened to be written to the disk", folder) }
  }

  deinit { close(descriptor) }

  /// Returns when all that was written is on the disk. Throws `FileError`, also for a disk that became full:
  /// network file systems tell of it only here.
  package func wait() throws {
    guard tutti_sync_file_system(descriptor) == 0 else {
      throw FileError("written to the disk", folder)
    }
  }
}
