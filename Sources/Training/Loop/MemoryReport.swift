import DataParallel
import Files
import MPI

/// The memory of the ranks, and of their hosts what is left.
package struct MemoryReport: Equatable, Sendable {
  /// Bytes resident at the worst moment, of the rank that took most; 0 where the system doesn't tell.
  package let resident: Int
  /// Bytes that the ranks of a host may have, its control group's limit or all of it: of the host that has the least
  /// share of them left. 0 where the system doesn't tell.
  package let limit: Int
  /// What of that could still be taken.
  package let left: Int

  package init(resident: Int, limit: Int, left: Int) {
    self.resident = resident
    self.limit = limit
    self.left = left
  }

  /// This process's.
  private static var own: MemoryReport {
    let group = MemoryLimit()
    let (total, available) = (SystemFile.totalMemory ?? 0, SystemFile.availableMemory ?? 0)
    // Whichever ends first.
    let isByGroup = group.bytesLeft.map { $0 < available || total == 0 } ?? false
    return MemoryReport(
      resident: ProcessMemory.peakBytes, limit: isByGroup ? group.bytes ?? 0 : total,
      left: isByGroup ? group.bytesLeft ?? 0 : available)
  }

  /// Of all ranks. Collective.
  static func gather(over communicator: Communicator) throws(MPIError) -> MemoryReport {
    let own = own
    let numbers = try communicator.gatherInOrder(
      [own.resident, own.limit, own.left].map { Int64($0) })
    let all = stride(from: 0, to: numbers.count, by: 3).map { place in
      MemoryReport(
        resident: Int(numbers[place]), limit: Int(numbers[place + 1]),
        left: Int(numbers[place + 2]))
    }
    let tightest = all.filter { $0.limit > 0 }.min { $0.leftShare < $1.leftShare }
    return MemoryReport(
      resident: all.map(\.resident).max() ?? 0, limit: tightest?.limit ?? 0,
      left: tightest?.left ?? 0)
  }

  private var leftShare: Double { Double(left) / Double(limit) }
}
