import Files

/// Where the system's control groups have their files for this process, in both hierarchies, since a machine may
/// have both.
enum ControlGroups {
  /// The folders of the process's group and of those above it, in each hierarchy that has the controller.
  ///
  /// - Parameters:
  ///   - controller: `cpu` or `memory`.
  ///   - root: what stands before the paths of the system's files, for tests.
  static func folders(of controller: String, root: String = "") -> [String] {
    let mounts = lines("\(root)/proc/self/mountinfo").compactMap { Mount(line: $0, of: controller) }
    return lines("\(root)/proc/self/cgroup").flatMap { line -> [String] in
      // `4:cpu,cpuacct:/path` of version 1, `0::/path` of version 2.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let isVersion2 = fields[1].isEmpty
      guard isVersion2 || fields[1].split(separator: ",").contains(Substring(controller)),
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
    init?(line: Substring, of controller: String) {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 4 else {
        return nil
      }
      let hasController = fields[dash + 3].split(separator: ",").contains(Substring(controller))
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
