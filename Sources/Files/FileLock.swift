import Glibc

/// The system's lock of an open file, which a crash takes away, also over NFS.
package enum FileLock {
  /// What came of asking; `none` where the file system has no locks.
  package enum Outcome { case free, held, none }

  /// Linux's `F_OFD_GETLK` and `F_OFD_SETLK`, which Swift's Glibc doesn't show: locks of an open file,
  /// where a plain `F_SETLK` is lost when any part of the process closes the file.
  private enum Command: Int32 { case look = 36, take = 37 }

  /// Takes the lock of the whole file, until the descriptor is closed; `held` when another has it.
  package static func take(_ descriptor: Int32) -> Outcome { ask(.take, of: descriptor) }

  /// Whether the lock could be had.
  package static func look(_ descriptor: Int32) -> Outcome { ask(.look, of: descriptor) }

  private static func ask(_ command: Command, of descriptor: Int32) -> Outcome {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    guard fcntl(descriptor, command.rawValue, &lock) == 0 else {
      return errno == EAGAIN || errno == EACCES ? .held : .none
    }
    return command == .look && lock.l_type != Int16(F_UNLCK) ? .held : .free
  }

  /// Whether a path still leads to the open file.
  package static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}
