import Files

/// The memory that control groups let this process have, as containers and batch systems set it
/// (`docker run --memory`, Slurm's `--mem`): what is taken beyond it ends a process without a word.
///
/// https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
package struct MemoryLimit: Sendable {
  /// The limit of the group that has least left; nil for none.
  package let bytes: Int?
  /// What may still be taken; nil for no limit.
  package let bytesLeft: Int?

  /// The least of all groups.
  ///
  /// - Parameter root: what stands before the paths of the system's files, for tests.
  package init(root: String = "") {
    let tightest = ControlGroups.folders(of: "memory", root: root).compactMap { folder in
      Self.limit(folder, "memory.max", used: "memory.current")
        ?? Self.limit(folder, "memory.limit_in_bytes", used: "memory.usage_in_bytes")
    }.min { $0.left < $1.left }
    (bytes, bytesLeft) = (tightest?.bytes, tightest?.left)
  }

  /// Nil where there is no limit. Files that are cached count as used, and are given up when memory is short.
  private static func limit(
    _ folder: String, _ limit: String, used: String
  ) -> (bytes: Int, left: Int)? {
    func number(_ name: String) -> Int? {
      SystemFile.text("\(folder)/\(name)").flatMap { Int($0.prefix { !$0.isWhitespace }) }
    }
    guard let limit = number(limit), let used = number(used) else { return nil }
    var cached = 0
    for line in SystemFile.text("\(folder)/memory.stat")?.split(separator: "\n") ?? [] {
      let words = line.split(separator: " ")
      if words.count == 2, ["inactive_file", "active_file"].contains(words[0]) {
        cached += Int(words[1]) ?? 0
      }
    }
    return (limit, max(0, limit - max(0, used - cached)))
  }
}
