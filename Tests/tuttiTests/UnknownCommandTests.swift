import Foundation
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  @Suite struct UnknownCommandTests {
    @Test(arguments: [
      (["trian", "--recipe", "mine.yaml"], "there is no command `trian`; did you mean `train`?"),
      (["lrfind"], "there is no command `lrfind`; did you mean `lr-find`?"),
      (["plann"], "there is no command `plann`; did you mean `plan`?"),
      (["comapre", "a.csv", "b.csv"], "there is no command `comapre`; did you mean `compare`?"),
      (["reprot", "runs/a"], "there is no command `reprot`; did you mean `report`?"),
      (["ensembl"], "there is no command `ensembl`; did you mean `ensemble`?"),
      (["ensemble", "fti"], "there is no command `fti`; did you mean `fit`?"),
      (["srve"], "there is no command `srve`; did you mean `serve`?"),
      (["tuen"], "there is no command `tuen`; did you mean `tune`?"),
      (["wacth", "runs/a"], "there is no command `wacth`; did you mean `watch`?"),
      (["runz"], "there is no command `runz`; did you mean `runs`?"),
      (["bench", "stpe", "--threads", "1"], "there is no command `stpe`; did you mean `step`?"),
      (
        ["data", "zzzzzz"],
        "there is no command `zzzzzz`; there are doubts, inspect, pack, preview, split, unpack"
      ),
    ])
    func `a misspelt command is told before the options after it`(
      words: [String], says: String
    ) throws {
      let run = try tutti(words)
      #expect(run.exitCode == 64)
      #expect(run.errors.hasPrefix("Error: \(says)\n"), "\(run.errors)")
    }

    @Test(arguments: [
      ("--epochs", "training.epochs"), ("--batch_size", "training.global-batch"),
      ("--lr", "optimizer.learning-rate"),
    ])
    func `an option that is a key of the recipe is told as one`(option: String, key: String) throws
    {
      let run = try tutti(["train", option, "2"])
      #expect(run.exitCode == 64)
      #expect(run.errors.hasPrefix("Keys of the recipe are set so: --set \(key)=VALUE\nError: "))
    }

    @Test func `topics name commands and documents that there are`() throws {
      let list = try tutti(["help", "topics"])
      #expect(list.exitCode == 0)
      let names = list.output.matches(of: #/(?m)^  ([a-z-]+)  /#).map { String($0.1) }
      #expect(names.count >= 8, "\(list.output)")
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      for name in names {
        let text = try tutti(["help", name]).output
        for command in text.matches(of: /(?:tutti|launch\/local) ([a-z-]+)(?: ([a-z-]+))?/) {
          let words =
            [String(command.1)]
            + (["data", "recipe", "ensemble"].contains(String(command.1))
              ? [String(command.2 ?? "")] : [])
          #expect(try tutti(words + ["--help"]).exitCode == 0, "\(name): \(words)")
        }
        for document in text.matches(of: /docs\/[a-z-]+\.md|launch\/[a-z-]+(?:\.sbatch)?/) {
          #expect(
            FileManager.default.fileExists(atPath: root.appending(path: String(document.0)).path),
            "\(document.0)")
        }
      }
    }

    @Test(arguments: [
      ["--version"], ["help", "train"], ["train", "--help"], ["bench", "--help"],
    ])
    func `a command that there is goes through`(words: [String]) throws {
      #expect(try tutti(words).exitCode == 0)
    }
  }
}
