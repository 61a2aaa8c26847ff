import Testing
import WorkerRun

/// What takes hosts and disks of its own: the scripts in `Tests/cluster`, which tell what they check.
@Suite("Cluster") struct ClusterTests {
  @Test("the scripts' checks hold", arguments: ["two-hosts", "full-disk"])
  func check(script: String) throws {
    let run = try ScriptRun.run(["Tests/cluster/\(script)"], limit: 120)
    if run.isSkipped { try Test.cancel("\(run.output)") }
    #expect(run.exitCode == 0, "\(run.output)")
  }
}
