import Foundation
import Support
import Testing

@testable import DataParallel

@Suite struct MemoryLimitTests {
  private func left(_ groups: String, _ files: [String: String]) throws -> Int? {
    try limit(groups, files).bytesLeft
  }

  private func limit(_ groups: String, _ files: [String: String]) throws -> MemoryLimit {
    let root = try Scratch()
    try root.write(groups, to: "proc/self/cgroup")
    try root.write(
      CPUQuotaTests.version2
        + "\n34 31 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
      to: "proc/self/mountinfo")
    for (name, text) in files { try root.write(text, to: "sys/fs/cgroup/\(name)") }
    return MemoryLimit(root: root.path)
  }

  @Test func `the limit is that of the group with least left`() throws {
    #expect(try limit("0::/job\n", [:]).bytes == nil)
    let limit = try limit(
      "0::/job/step\n",
      [
        "job/memory.max": "1000\n", "job/memory.current": "700\n",
        "job/step/memory.max": "500\n", "job/step/memory.current": "100\n",
      ])
    #expect(limit.bytes == 1000 && limit.bytesLeft == 300)
  }

  @Test func `what is left of the least limit, where cached files don't count`() throws {
    #expect(try left("0::/job\n", [:]) == nil)
    #expect(try left("0::/job\n", ["job/memory.max": "max\n", "job/memory.current": "5\n"]) == nil)
    #expect(
      try left(
        "0::/job/step\n",
        [
          "job/memory.max": "1000\n", "job/memory.current": "700\n",
          "job/memory.stat": "anon 300\ninactive_file 200\nactive_file 100\nshmem 9\n",
          "job/step/memory.max": "5000\n", "job/step/memory.current": "100\n",
        ]) == 600)
    #expect(
      try left("0::/job\n", ["job/memory.max": "10\n", "job/memory.current": "70\n"]) == 0)
    #expect(
      try left(
        "9:memory:/job\n",
        [
          "memory/job/memory.limit_in_bytes": "800\n", "memory/job/memory.usage_in_bytes": "300\n",
        ]) == 500)
  }
}
