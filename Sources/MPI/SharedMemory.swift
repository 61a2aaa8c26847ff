import Glibc

/// The folder of memory in which Open MPI keeps what ranks of a host share.
package enum SharedMemory {
  private static let folder = "/dev/shm"

  /// Bytes that are free there; nil where there is no such folder.
  package static var freeBytes: Int? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  /// A sentence when there is less than ranks of a host need; nil when there is enough.
  ///
  /// Each takes 16 MiB under Open MPI 5 (`btl_sm_segment_size`), 4 MiB under 4. With less than
  /// that, ranks talk over TCP, many times slower; with nothing they can't start.
  package static func shortage(ranks: Int, freeBytes: Int?, library: String) -> String? {
    let needed = ranks * (library.hasPrefix("Open MPI v5") ? 16 << 20 : 4 << 20)
    guard let freeBytes, ranks > 1, freeBytes < needed else { return nil }
    return
      "\(folder) has \(freeBytes) bytes free, and the \(ranks) ranks of this host need \(needed): "
      + "remove what others left there, enlarge it (mount -o remount,size=…, docker run --shm-size), "
      + "or start fewer ranks"
  }
}
