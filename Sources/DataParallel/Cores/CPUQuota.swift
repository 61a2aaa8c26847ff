import Files

/// The CPU time that control groups let this process have, as containers and batch systems set it
/// (`docker run --cpus`, `CPUQuota=`): unlike a mask of CPUs it doesn't show in the scheduler's
/// affinity, and threads beyond it are only held up.
///
/// Both hierarchies are read, since a machine may have both: `cpu.max` of version 2,
/// `cpu.cfs_quota_us` and `cpu.cfs_period_us` of version 1, of the process's own group and of all
/// above it that can be seen.
/// https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
package struct CPUQuota: Sendable {
  /// In cores, such as 1.5; nil for no limit.
  package let cores: Double?

  /// The least of all quotas.
  ///
  /// - Parameter root: what stands before the paths of the system's files, for tests.
  package init(root: String = "") {
    cores = ControlGroups.folders(of: "cpu", root: root).compactMap { folder in
      Self.version2(folder) ?? Self.version1(folder)
    }.min()
  }

  /// The threads that don't hold each other up, at least one; nil for no limit.
  package var threads: Int? { cores.map { $0 < 1 ? 1 : Int(min($0, 1e6)) } }

  /// `50000 100000`, or `max 100000`.
  private static func version2(_ folder: String) -> Double? {
    guard let words = SystemFile.text("\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace),
      words.count == 2
    else { return nil }
    return ratio(Double(words[0]), Double(words[1]))
  }

  /// −1 for no limit.
  private static func version1(_ folder: String) -> Double? {
    func number(_ name: String) -> Double? {
      SystemFile.text("\(folder)/\(name)").flatMap { Double($0.prefix { !$0.isWhitespace }) }
    }
    return ratio(number("cpu.cfs_quota_us"), number("cpu.cfs_period_us"))
  }

  private static func ratio(_ quota: Double?, _ period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return quota / period
  }
}
