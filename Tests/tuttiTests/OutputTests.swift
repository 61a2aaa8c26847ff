import Foundation
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// What the program prints and writes.
  @Suite struct OutputTests {
    let reference: Reference

    init() throws { reference = try Reference.made.get() }

    @Test(arguments: ["train", "evaluate", "predict"])
    func `--help shows examples`(command: String) throws {
      let run = try tutti([command, "--help"])
      #expect(run.exitCode == 0 && run.errors.isEmpty)
      #expect(run.output.contains("EXAMPLES"))
      #expect(try run.output.contains(Regex("\n +(launch/local|tutti) \(command) --")))
    }

    @Test func `a run's first lines, and the expected end after the third step`() throws {
      let text = reference.run.output
      #expect(text.contains("run       \(reference.files.path)\n"))
      for line in [
        #"cores     1 rank × 1 thread = 1 of \d+ cores? on 1 host"#,
        #"photos +train +validation +test"#,
        #"cross +242 +10 +6"#,
        #"all +725 +30 +17"#,
        #"memory    [\d.]+ MB a rank, of .*"#,
        #"steps     12 an epoch × 3 epochs = 36, of which max-steps takes 30; up to 8 micro-batches a step over 1 rank"#,
        #"epoch 1/3, step 1/30: loss \d\.\d{4}, lr 0.0002"#,
        #"expected  30 steps: about \d+ (s|min), done [A-Z][a-z]{2} \d\d:\d\d; .*"#,
        #"epoch 1/3: loss .*; validation loss .*, accuracy .* %, balanced .* %, macro F1 .*"#,
        #"  disc +[\d.]+ +[\d.]+ +[\d.]+ +\d+"#,
        #"trained   30 steps at \d+ images/s"#,
      ] {
        #expect(try text.contains(Regex("(?m)^\(line)$")), "\(line)")
      }
      #expect(!text.contains("\u{1B}"), "not a terminal")
    }

    @Test func `a terminal sees the learning curves in the end, a file doesn't`() throws {
      let run = try Scratch.path("run")
      let training =
        ["train", "--data", Photos.few, "--run", run]
        + set(Photos.settings + ["training.epochs=3"])
      let words = training.map { "'\($0)'" }.joined(separator: " ")
      let result = try ScriptRun.run(
        ["sh", "-c", #"LC_ALL=C TERM=xterm script -qec "'$TUTTI' $1" /dev/null"#, "sh", words],
        limit: 45)
      try #require(result.exitCode == 0, "\(result.output)")
      #expect(result.output.contains("  loss: ** validation, .. training "), "\(result.output)")
      // What passes by isn't left before what comes next.
      #expect(result.output.contains("\r\u{1B}[Ktrained   "))
      #expect(try result.output.contains(Regex(#"epoch 1 +3 +epoch 1 +3\r\n"#)))
      #expect(!reference.run.output.contains("** validation"))
    }

    @Test func `--quiet leaves what came of it, and warnings`() throws {
      let run = try Scratch.path("run")
      let trained = try tutti(
        ["train", "--data", Photos.few, "--run", run, "--quiet"]
          + set(Photos.settings + ["training.epochs=2"]))
      try #require(trained.exitCode == 0 && trained.errors.isEmpty, "\(trained.errors)")
      let labels = trained.lines.map { String($0.prefix(10)).trimmingCharacters(in: .whitespaces) }
      #expect(
        labels.filter { $0 != "warning" } == ["trained", "best", "next", "report"],
        "\(trained.output)")
    }

    @Test(arguments: [
      ["ablate"], ["average"], ["bench", "allreduce"], ["bench", "inference"],
      ["bench", "kernels"],
      ["bench", "loader"], ["bench", "step"], ["compare"], ["crossval"], ["data", "doubts"],
      ["data", "inspect"], ["data", "pack"], ["data", "preview"], ["data", "split"],
      ["data", "unpack"], ["diagnose"], ["doctor"], ["ensemble", "fit"], ["evaluate"], ["export"],
      ["lr-find"],
      ["plan"], ["predict"], ["probe"], ["recalibrate"], ["report"], ["train"], ["tune"],
    ])
    func `what may take a while can be had quiet`(command: [String]) throws {
      #expect(try tutti(command + ["--help"]).output.contains("--quiet"))
    }

    @Test(arguments: [["models"], ["data", "inspect", Photos.few]])
    func `results that find no room are missed`(words: [String]) throws {
      let script = #""$TUTTI" "$@" >/dev/full"#
      let run = try ScriptRun.run(["sh", "-c", script, "sh"] + words, limit: 30)
      #expect(run.exitCode == 1)
      #expect(
        run.output.hasPrefix("tutti: standard output can't be written: No space left on device"),
        "\(run.output)")
      let pipe = #""$TUTTI" "$@" 2>&1 | head -1"#
      let cut = try ScriptRun.run(["bash", "-o", "pipefail", "-c", pipe, "sh"] + words, limit: 30)
      #expect(cut.exitCode == 0 && cut.output.split(separator: "\n").count == 1, "\(cut.output)")
    }

    /// Where both streams are a terminal.
    private func onTerminal(_ words: [String], environment: String = "") throws -> String {
      try ScriptRun.run(
        [
          "sh", "-c",
          #"unset NO_COLOR; TERM=xterm LC_ALL=C.UTF-8 \#(environment) script -qec "'$TUTTI' $1" /dev/null"#,
          "sh", words.map { "'\($0)'" }.joined(separator: " "),
        ], limit: 45
      ).output
    }

    @Test func `errors are red on a terminal, and nowhere else`() throws {
      let words = ["evaluate", "--model", "not-there"]
      let red = "\u{1B}[31mtutti: "
      #expect(try onTerminal(words).contains(red))
      #expect(try !onTerminal(words, environment: "NO_COLOR=1").contains("\u{1B}[31m"))
      #expect(try onTerminal(words, environment: "NO_COLOR=").contains(red))
      #expect(try !tutti(words).errors.contains("\u{1B}"))
    }

    /// It is gone when the results are there.
    @Test func `a terminal sees what goes on, unless it is to be quiet`() throws {
      let words = ["evaluate", "--model", reference.files.path]
      let told = try onTerminal(words)
      #expect(told.contains("evaluating: 0/17 photos"), "\(told)")
      let end = try #require(told.range(of: "evaluating: ", options: .backwards)?.upperBound)
      #expect(told[end...].contains("\r\u{1B}[K") && told[end...].contains("macro F1"))
      #expect(try !onTerminal(words + ["--quiet"]).contains("evaluating: "))
    }

    /// ESC, and what an 8-bit terminal takes for it and its bracket.
    private func isRaw(_ text: String) -> Bool {
      text.unicodeScalars.contains {
        $0 != "\n" && ($0.value < 0x20 || (0x7F..<0xA0).contains($0.value))
      }
    }

    @Test func `names of classes and photos, and words of the command line, reach no terminal raw`()
      throws
    {
      let folder = try Scratch.path("photos")
      for name in ["a\u{1B}[31m\u{9B}2J", "b\n\ttutti: all is well"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        for number in 0..<3 {
          try FileManager.default.copyItem(
            atPath: "\(Photos.few)/disc/00.jpg", toPath: "\(folder)/\(name)/\u{1B}c\(number).jpg")
        }
        try Data("\u{1B}]0;x\u{7}".utf8).write(
          to: URL(fileURLWithPath: "\(folder)/\(name)/\u{1B}]d.jpg"))
      }
      for command in [
        ["data", "inspect", folder], ["train", "--data", folder],
        ["train", "--data", folder, "--set", "model.name=\u{1B}[1m\nx"],
        ["evaluate", "--model", "\u{1B}]0;x\u{7}\ny"], ["runs", "\u{9B}2J"],
        ["recipe", "check", "\u{1B}c"], ["--\u{1B}[31m"], ["\u{1B}[31m"],
        ["predict", "--top", "\u{9B}1", "--model", "x", "y"],
        ["data", "split", folder, "--output", "\(folder)/\u{1B}[1mx.csv"],
      ] {
        let run = try tutti(command)
        #expect(!isRaw(run.output), "\(command): \(run.output)")
        #expect(!isRaw(run.errors), "\(command): \(run.errors)")
        #expect(!(run.output + run.errors).isEmpty, "\(command)")
        #expect(!run.lines.contains { $0.hasPrefix("tutti: all is well") })
      }
    }

    @Test func `metrics are JSON, a line for each step and each epoch`() throws {
      #expect(try reference.files.steps("step") == Array(1...Reference.lastStep))
      #expect(try reference.files.steps("epoch") == [12, 24])
      for line in try reference.files.metrics() {
        #expect(line["kind"] is String && line["step"] is Int && line["epoch"] is Int)
      }
    }

    @Test func `a checkpoint's state tells neither time, place, nor ranks`() throws {
      let text = String(
        decoding: try #require(
          try reference.files.contents(ofCheckpoint: Reference.lastStep)["state.json"]),
        as: UTF8.self)
      #expect(!text.contains("/"))
      #expect(!text.contains(ProcessInfo.processInfo.hostName))
      let state = try reference.files.state(ofCheckpoint: Reference.lastStep)
      #expect(
        state.keys.sorted() == [
          "classes", "data_digest", "epoch", "files", "optimizer_steps", "recipe_digest",
          "rules", "samples_seen", "step", "step_in_epoch",
        ])
    }
  }
}
