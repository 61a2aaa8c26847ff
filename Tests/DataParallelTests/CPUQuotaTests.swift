import Support
import Testing

@testable import DataParallel

@Suite struct CPUQuotaTests {
  /// The system's files that say where a process is, and what its control groups allow.
  struct Machine: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let groups: String
    let mounts: [String]
    let files: [String: String]
    let cores: Double?
    let threads: Int?
  }

  static let version2 = "31 23 0:28 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw"
  static let version1 = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"
  static let other = "33 31 0:30 / /sys/fs/cgroup/cpuset rw shared:1 - cgroup cgroup rw,cpuset"
  static let place1 = "sys/fs/cgroup/cpu,cpuacct"

  static let machines = [
    Machine(
      testDescription: "no limit", groups: "0::/user.slice\n", mounts: [version2],
      files: ["sys/fs/cgroup/user.slice/cpu.max": "max 100000\n"], cores: nil, threads: nil),
    Machine(
      testDescription: "no control groups", groups: "", mounts: [], files: [:], cores: nil,
      threads: nil),
    Machine(
      testDescription: "version 2, its own group", groups: "0::/a.slice/b.service\n",
      mounts: [version2], files: ["sys/fs/cgroup/a.slice/b.service/cpu.max": "250000 100000\n"],
      cores: 2.5, threads: 2),
    Machine(
      testDescription: "version 2, a group above allows less", groups: "0::/a/b/c\n",
      mounts: [version2],
      files: [
        "sys/fs/cgroup/a/cpu.max": "100000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
        "sys/fs/cgroup/a/b/c/cpu.max": "400000 100000\n",
      ], cores: 1, threads: 1),
    Machine(
      testDescription: "a container that sees its own group as the topmost", groups: "0::/\n",
      mounts: [version2], files: ["sys/fs/cgroup/cpu.max": "50000 100000\n"], cores: 0.5,
      threads: 1),
    Machine(
      testDescription: "a container without a view of its own",
      groups: "0::/docker/4711\n",
      mounts: [version2.replacing(" / ", with: " /docker/4711 ")],
      files: ["sys/fs/cgroup/cpu.max": "300000 100000\n"], cores: 3, threads: 3),
    Machine(
      testDescription: "a group that lies outside of what is mounted", groups: "0::/../b\n",
      mounts: [version2.replacing(" / ", with: " /a ")],
      files: ["sys/fs/cgroup/cpu.max": "200000 100000\n"], cores: 2, threads: 2),
    Machine(
      testDescription: "version 1 beside an empty version 2",
      groups: "9:cpuset:/\n4:cpu,cpuacct:/job/step\n0::/\n", mounts: [version2, other, version1],
      files: [
        "\(place1)/cpu.cfs_quota_us": "-1\n", "\(place1)/cpu.cfs_period_us": "100000\n",
        "\(place1)/job/cpu.cfs_quota_us": "150000\n",
        "\(place1)/job/cpu.cfs_period_us": "50000\n",
        "\(place1)/job/step/cpu.cfs_quota_us": "-1\n",
        "\(place1)/job/step/cpu.cfs_period_us": "100000\n",
      ], cores: 3, threads: 3),
    Machine(
      testDescription: "a quota of another controller's hierarchy", groups: "9:cpuset:/a\n",
      mounts: [other],
      files: [
        "sys/fs/cgroup/cpuset/a/cpu.cfs_quota_us": "100000\n",
        "sys/fs/cgroup/cpuset/a/cpu.cfs_period_us": "100000\n",
      ], cores: nil, threads: nil),
    Machine(
      testDescription: "files with other contents", groups: "0::/a\nnonsense\n::\n",
      mounts: [version2, "", "36 35 - cgroup2"],
      files: ["sys/fs/cgroup/a/cpu.max": "many\n", "sys/fs/cgroup/cpu.max": "100000 0\n"],
      cores: nil, threads: nil),
  ]

  @Test(arguments: machines) func `the least of all groups holds`(machine: Machine) throws {
    let root = try Scratch()
    try root.write(machine.groups, to: "proc/self/cgroup")
    try root.write(
      machine.mounts.joined(separator: "\n") + "\n", to: "proc/self/mountinfo")
    for (path, text) in machine.files { try root.write(text, to: path) }
    let quota = CPUQuota(root: root.path)
    #expect(quota.cores == machine.cores)
    #expect(quota.threads == machine.threads)
  }
}
