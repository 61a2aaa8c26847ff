import Testing
import WorkerRun
import tutti

extension EndToEnd {
  @Suite struct UnknownCommandTests {
    @Test(arguments: [
      (["trian", "--recipe", "mine.yaml"], "there is no command `trian`; did you mean `train`?"),
      (["runz"], "there is no command `runz`; did you mean `runs`?"),
      (["bench", "stpe", "--threads", "1"], "there is no command `stpe`; did you mean `step`?"),
      (["data", "zzzzzz"], "there is no command `zzzzzz`; there are inspect, split"),
    ])
    func `a misspelt command is told before the options after it`(
      words: [String], says: String
    ) throws {
      let run = try tutti(words)
      #expect(run.exitCode == 64)
      #expect(run.errors.hasPrefix("Error: \(says)\n"), "\(run.errors)")
    }

    @Test(arguments: [
      ["--version"], ["help", "train"], ["train", "--help"], ["bench", "--help"],
    ])
    func `a command that there is goes through`(words: [String]) throws {
      #expect(try tutti(words).exitCode == 0)
    }
  }
}
