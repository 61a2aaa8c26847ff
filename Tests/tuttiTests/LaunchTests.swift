import Foundation
import Testing
import WorkerRun

/// The launchers: the scripts in `Tests/launch` tell what they check.
@Suite struct LaunchTests {
  @Test(arguments: [
    ["tutorial"], ["stops"], ["orphans"], ["slurm"], ["versions", "4"], ["versions", "5"],
  ])
  func `the scripts' checks hold`(script: [String]) throws {
    let run = try ScriptRun.run(["Tests/launch/\(script[0])"] + script.dropFirst(), limit: 240)
    if run.isSkipped { try Test.cancel("\(run.output)") }
    #expect(run.exitCode == 0, "\(run.output)")
  }
}
