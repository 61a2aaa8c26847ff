import Files
import Foundation
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// What somebody sees who looks at folders while trainings go on in them, and afterwards.
  @Suite struct WatchTests {
    struct Document: Decodable {
      struct Training: Decodable {
        struct Checkpoint: Decodable { let step: Int }
        struct Epoch: Decodable { let epoch: Int }
        let name, state: String
        let activity: String?
        let step, lastStep, epoch, epochs: Int?
        let imagesPerSecond, secondsLeft, best, heldOut: Double?
        let checkpoint: Checkpoint?
        let curves: [Epoch]?
        let settings: [String: String]?
      }
      let path, kind, state: String
      let process: Int?
      let count, done: Int
      let metric: String?
      let trainings: [Training]
      let warnings: [[String: String]]

      init(_ text: some StringProtocol) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(text.utf8))
      }
    }

    private func watch(_ folder: String) throws -> Document {
      let run = try tutti(["watch", folder, "--json"])
      try #require(run.exitCode == 0, "\(run.errors)")
      #expect(run.lines.count == 1 && run.errors.isEmpty)
      return try Document(run.output)
    }

    @Test func `a run that is over is told once, and stays as it is`() throws {
      let reference = try Reference.made.get()
      let before = try reference.files.contents()
      let run = try tutti(["watch", reference.files.path])
      #expect(run.exitCode == 0 && run.errors.isEmpty)
      #expect(run.lines[0] == "run       \(reference.files.path): finished")
      #expect(run.output.contains("progress  epoch 3/3, step 30/30\n"))
      #expect(
        try run.output.contains(Regex("(?m)^best      epoch [12]: macro F1 [.0-9]+ on the val")))
      #expect(
        try run.output.contains(Regex("(?m)^saved     step 30, \\d+ .* ago: .*step-00000030$")))
      let document = try watch(reference.files.path)
      #expect(document.kind == "run" && document.state == "finished" && document.process == nil)
      let training = try #require(document.trainings.first)
      #expect(training.step == 30 && training.lastStep == 30 && training.epochs == 3)
      #expect(training.curves?.map(\.epoch) == [1, 2] && training.checkpoint?.step == 30)
      #expect(training.activity == nil && training.secondsLeft == nil)
      let last = try #require(try reference.files.best(inCheckpoint: 30)?["value"])
      #expect(training.best == last)
      #expect(try reference.files.contents() == before)
    }

    @Test func `before, while and after somebody trains`() throws {
      let run = try Scratch.path("run")
      let training =
        ["train", "--data", Photos.few, "--run", run]
        + set(Photos.settings + ["training.epochs=100000", "checkpoint.every-steps=2"])
      let script = #"""
        run=$1; shift
        "$TUTTI" watch "$run" --json
        "$TUTTI" "$@" >/dev/null & training=$!
        for try in $(seq 200); do grep -c '"kind":"epoch"' "$run/metrics.jsonl" 2>/dev/null | grep -q '[3-9]' && break; sleep .1; done
        "$TUTTI" watch "$run" --json
        "$TUTTI" watch "$run"
        kill -USR1 $training; wait $training
        "$TUTTI" watch "$run" --json
        """#
      let result = try ScriptRun.run(["sh", "-c", script, "sh", run] + training, limit: 60)
      let lines = result.output.split(separator: "\n").map(String.init)
      try #require(result.exitCode == 0 && lines.count > 6, "\(result.output)")
      let before = try Document(lines[0])
      #expect(before.state == "not begun" && before.trainings[0].step == nil)
      let during = try Document(lines[1])
      #expect(during.state == "running" && during.process != nil && during.metric == "macro_f1")
      let one = during.trainings[0]
      #expect(["training", "validating", "saving"].contains(one.activity))
      #expect(one.imagesPerSecond ?? 0 > 1 && one.secondsLeft ?? 0 > 1)
      #expect(one.epoch ?? 0 > 2 && one.epochs == 100_000 && one.curves?.count ?? 0 > 2)
      #expect(lines[2].hasPrefix("run       \(run): running, "))
      #expect(
        try result.output.contains(
          Regex(#"(?m)^ranks     1 rank × 1 thread on 1 host; process \d+ on host .*, for \d+ s$"#))
      )
      let after = try Document(lines[lines.count - 1])
      #expect(after.state == "stopped" && after.process == nil)
      #expect(after.trainings[0].step == after.trainings[0].checkpoint?.step)
    }

    @Test func `folds and trials are told one by one`() throws {
      let crossval = try Crossval(ranks: nil, folds: 3)
      try #require(crossval.run.exitCode == 0, "\(crossval.run.errors)")
      let folds = try watch(crossval.folder.path)
      #expect(folds.kind == "cross-validation" && folds.state == "finished")
      #expect(folds.count == 3 && folds.done == 3)
      #expect(folds.trainings.map(\.name) == ["fold 0", "fold 1", "fold 2"])
      #expect(folds.trainings.allSatisfy { $0.heldOut != nil && $0.epoch == 6 })
      let text = try tutti(["watch", crossval.folder.path, "--once"])
      #expect(text.lines[0].hasSuffix(": finished, 3 of 3 folds are done"))
      #expect(text.lines.count { $0.contains(" finished ") && $0.contains("6/6") } == 3)

      let space = try Scratch.path("space.yaml")
      try "optimizer.learning-rate: {log: [1e-4, 1e-1]}\n".write(
        toFile: space, atomically: true, encoding: .utf8)
      let recipe = try Scratch.path("recipe.yaml")
      try
        "model: {name: cifar-resnet8, image-size: 32}\ntraining: {threads: 1, epochs: 2, global-batch: 8, micro-batch: 2}\n"
        .write(toFile: recipe, atomically: true, encoding: .utf8)
      let folder = try Scratch.path("tune")
      let photos = try Photos.folder(train: 24, validation: 12, test: 6)
      let search = try tutti([
        "tune", photos, "--recipe", recipe, "--search", space, "--trials", "3", "--run", folder,
      ])
      try #require(search.exitCode == 0, "\(search.errors)")
      let trials = try watch(folder)
      #expect(trials.kind == "search" && trials.state == "finished" && trials.count == 3)
      #expect(trials.trainings.map(\.name) == ["trial 0", "trial 1", "trial 2"])
      #expect(trials.trainings[1].settings?["optimizer.learning-rate"] != nil)
      #expect(
        try tutti(["watch", folder]).lines[0].hasSuffix("finished, 3 of 3 trials have begun"))
    }

    /// In a terminal of its own, which is given back as it was.
    @Test func `a live view ends with q, and names in it are harmless`() throws {
      let run = try Scratch.path("a\u{1B}[31m\u{9B}2J")
      let trained = try tutti(
        ["train", "--data", Photos.few, "--run", run]
          + set(Photos.settings + ["training.epochs=3"]))
      try #require(trained.exitCode == 0, "\(trained.errors)")
      let script = #"""
        export LC_ALL=C.UTF-8 TERM=xterm
        (sleep 1; printf q) | script -qec "stty rows 50 cols 100; '$TUTTI' watch '$1' --every 0.2" /dev/null
        """#
      let result = try ScriptRun.run(["sh", "-c", script, "sh", run], limit: 30)
      #expect(result.exitCode == 0, "\(result.output)")
      #expect(result.output.contains("\u{1B}[?1049h") && result.output.contains("\u{1B}[?1049l"))
      #expect(result.output.contains("a\\u{1B}[31m\\u{9B}2J: finished"))
      #expect(
        !result.output.contains("\u{1B}[31m") && !result.output.unicodeScalars.contains("\u{9B}"))
      #expect(result.output.contains("⠤") && result.output.contains("▲ epoch "))
      // Some looks, each over the one before.
      #expect(result.output.pieces(of: "\u{1B}[H") > 2)
    }

    /// What a browser is given, which may run and style nothing else, and ask nobody else.
    @Test func `a live page tells browsers here what is told in a terminal`() throws {
      let reference = try Reference.made.get()
      var result: Result<Void, any Error>?
      let run = try tutti(["watch", reference.files.path, "--port", "0"]) { running in
        guard result == nil,
          let port = running.output.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\//).flatMap({
            Int($0.output.1)
          })
        else { return }
        result = Result { try look(HTTPClient(port: port), reference.files.path) }
        kill(running.process, SIGTERM)
      }
      try result?.get()
      #expect(result != nil && run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.lines.count == 1 && run.output.hasSuffix("/ until Ctrl-C\n"))
    }

    private func look(_ client: HTTPClient, _ folder: String) throws {
      let page = try client.ask("GET", "/")
      #expect(page.code == 200 && page.head.contains("text/html"))
      for (kind, tag) in [("script-src", "script"), ("style-src", "style")] {
        let content = try #require(
          page.text.firstMatch(of: try Regex("(?s)<\(tag)>(.*)</\(tag)>"))?.output[1].substring)
        let digest = Data(Digest.bytes(of: Array(content.utf8))).base64EncodedString()
        #expect(page.head.contains("\(kind) 'sha256-\(digest)'"))
      }
      let status = try client.ask("GET", "/status.json")
      let told = try Document(status.text)
      #expect(told.path == folder && told.state == "finished" && told.trainings.count == 1)
      #expect(told.trainings[0].step == 30 && told.trainings[0].curves?.count == 2)
      #expect(try client.ask("GET", "/x").code == 404)
      #expect(try client.ask("POST", "/", body: Data("x".utf8)).code == 405)
      // A name of another host that was made to lead here.
      #expect(try client.ask("GET", "/status.json", ["Host": "evil.example:80"]).code == 403)
      #expect(try client.ask("HEAD", "/").body.isEmpty)
      // One browser's connection is good for several questions.
      let connection = try client.open()
      for _ in 1...2 {
        connection.send(HTTPClient.head("GET", "/status.json"))
        #expect(try connection.receive().code == 200)
      }
    }

    @Test func `a port that another has is refused`() throws {
      let script = #"""
        "$TUTTI" watch "$1" --port 0 >"$2" & first=$!
        for try in $(seq 100); do grep -q until "$2" && break; sleep .1; done
        port=$(grep -o '127.0.0.1:[0-9]*' "$2" | cut -d: -f2)
        "$TUTTI" watch "$1" --port "$port"; echo "code $?"
        kill $first; wait $first
        """#
      let result = try ScriptRun.run(
        [
          "sh", "-c", script, "sh", try Reference.made.get().files.path,
          try Scratch.path("address"),
        ], limit: 30)
      #expect(result.exitCode == 0 && result.output.hasSuffix("code 1\n"), "\(result.output)")
      #expect(try result.output.contains(Regex("tutti: 127.0.0.1:\\d+ can't be listened on")))
    }

    @Test(arguments: [
      (
        ["watch", "x", "--port", "8765", "--once"], 64, "--port shows how things go on, and --once"
      ),
      (["watch", "/", "--once"], 65, "is no folder of a run"),
      (["watch", "x", "--every", "0"], 64, "--every takes seconds from 0.2"),
    ])
    func `what can't be watched`(words: [String], code: Int, says: String) throws {
      let run = try tutti(words)
      #expect(run.exitCode == Int32(code) && run.errors.contains(says), "\(run.errors)")
    }
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func pieces(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
