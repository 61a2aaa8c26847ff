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
    cores = Self.folders(root: root).compactMap { folder in
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

  /// The folders of the process's group and of those above it, in each hierarchy with the
  /// controller `cpu`.
  private static func folders(root: String) -> [String] {
    let mounts = lines("\(root)/proc/self/mountinfo").compactMap { Mount(line: $0) }
    return lines("\(root)/proc/self/cgroup").flatMap { line -> [String] in
      // `4:cpu,cpuacct:/path` of version 1, `0::/path` of version 2.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let isVersion2 = fields[1].isEmpty
      guard isVersion2 || fields[1].split(separator: ",").contains("cpu"),
        let mount = mounts.first(where: { $0.isVersion2 == isVersion2 })
      else { return [] }
      return mount.folders(ofGroup: fields[2]).map { root + $0 }
    }
  }

  private static func lines(_ path: String) -> [Substring] {
    SystemFile.text(path)?.split(separator: "\n") ?? []
  }

  /// A hierarchy's place among the files.
  private struct Mount {
    let isVersion2: Bool
    /// The group that the place shows, not the topmost one inside a container.
    let group: Substring
    let place: Substring

    /// Nil for a line of other files. `36 35 98:0 /group /place rw … - cgroup2 name options`.
    init?(line: Substring) {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 4 else {
        return nil
      }
      let hasController = fields[dash + 3].split(separator: ",").contains("cpu")
      switch fields[dash + 1] {
      case "cgroup2": isVersion2 = true
      case "cgroup" where hasController: isVersion2 = false
      default: return nil
      }
      group = fields[3]
      place = fields[4]
    }

    /// From the place itself down to the group's own folder, as far as it lies below.
    func folders(ofGroup path: Substring) -> [String] {
      let own = path.pieces(at: "/")
      let top = group.pieces(at: "/")
      guard own.starts(with: top) else { return [String(place)] }
      let below = own.dropFirst(top.count)
      return (0...below.count).map { depth in
        ([String(place)] + below.prefix(depth)).joined(separator: "/")
      }
    }
  }
}
