import CProcessor
import Glibc

/// Memory that the system gives page by page, as it is touched for the first time. On 64 bytes, and in pages of 2 MB
/// where the system has such.
final class MappedMemory: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  /// Floats.
  let count: Int

  /// As many floats as the machine has memory for, which takes addresses and nothing else; where those are limited
  /// (`ulimit -v`), a sixteenth of them or `least`. When there is no memory, the process ends with a sentence.
  ///
  /// - Parameter held: bytes of memory that there is for the same use already, for that sentence.
  init(atLeast least: Int, beside held: Int) {
    let stride = MemoryLayout<Float>.stride
    let all = sysconf(Int32(_SC_PHYS_PAGES)) * Int(getpagesize()) / stride
    let limit = tutti_address_limit()
    let wanted = limit == 0 ? all : min(all, limit / 16 / stride)
    for count in [max(wanted, least), least] {
      let place = mmap(
        nil, count * stride, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
        -1, 0)
      guard let place, place != MAP_FAILED else { continue }
      madvise(place, count * stride, MADV_HUGEPAGE)
      pointer = place.bindMemory(to: Float.self, capacity: count)
      self.count = count
      return
    }
    tutti_end_process(
      "out of memory: \(least * stride / 1_000_000) MB for a tensor could not be had beside the "
        + "\(held / 1_000_000) MB of others; lower training.micro-batch, set training.recompute to blocks, use "
        + "fewer ranks on this host, or raise ulimit -v")
  }

  deinit { munmap(pointer, count * MemoryLayout<Float>.stride) }

  /// Gives the pages back that lie in a range of floats as a whole. Its numbers are lost.
  func drop(_ range: Range<Int>) {
    let page = Int(getpagesize()) / MemoryLayout<Float>.stride
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    if first < end {
      madvise(pointer + first, (end - first) * MemoryLayout<Float>.stride, MADV_DONTNEED)
    }
  }
}
