import Testing
import WorkerRun

/// What takes hosts and disks of its own: the scripts in `Tests/cluster`, which tell what they check.
@Suite struct ClusterTests {
  @Test(arguments: ["two-hosts", "lost-host", "full-disk", "full-shared-memory", "small-memory"])
  func `the scripts' checks hold`(script: String) throws {
    let run = try ScriptRun.run(["Tests/cluster/\(script)"], limit: 120)
    if run.isSkipped { try Test.cancel("\(run.output)") }
    #expect(run.exitCode == 0, "\(run.output)")
  }
}
