import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// `tutti train --trace`.
  @Suite struct TraceTests {
    private static let settings =
      Photos.settings + [
        "training.epochs=3", "training.max-steps=7", "training.global-batch=48",
        "training.micro-batch=8", "average.name=ema", "average.warmup=false",
      ]

    /// A slice of the file, in microseconds.
    private struct Slice {
      let name: String
      let category: String
      let rank: Int
      let thread: Int
      let time: Range<Int>
      let details: [String: Any]

      init?(_ event: [String: Any]) {
        guard event["ph"] as? String == "X", let name = event["name"] as? String,
          let category = event["cat"] as? String, let rank = event["pid"] as? Int,
          let thread = event["tid"] as? Int, let start = event["ts"] as? Int,
          let length = event["dur"] as? Int, length >= 0
        else { return nil }
        self.name = name
        self.category = category
        self.rank = rank
        self.thread = thread
        time = start..<(start + length)
        details = event["args"] as? [String: Any] ?? [:]
      }
    }

    /// A slice with those that lie directly in it.
    private final class Node {
      let slice: Slice
      var children: [Node] = []
      init(_ slice: Slice) { self.slice = slice }

      /// Of the slice's time, what its children take.
      var covered: Double {
        Double(children.reduce(0) { $0 + $1.slice.time.count }) / Double(slice.time.count)
      }

      func all(_ name: String) -> [Slice] {
        (slice.name == name ? [slice] : []) + children.flatMap { $0.all(name) }
      }
    }

    private struct Trace {
      let events: [[String: Any]]
      let clocks: [[String: Any]]

      init(_ path: String) throws {
        let text = try Data(contentsOf: URL(filePath: path))
        let document = try JSONSerialization.jsonObject(with: text) as? [String: Any]
        events = try #require(document?["traceEvents"] as? [[String: Any]])
        clocks = try #require(
          (document?["otherData"] as? [String: Any])?["clocks"] as? [[String: Any]])
      }

      var slices: [Slice] { events.compactMap { Slice($0) } }

      /// The names that an event gives, by rank and thread.
      func names(_ event: String) -> [[Int]: String] {
        Dictionary(
          uniqueKeysWithValues: events.filter { $0["name"] as? String == event }.map {
            (
              [$0["pid"] as? Int ?? -1, $0["tid"] as? Int ?? -1],
              ($0["args"] as? [String: String])?["name"] ?? ""
            )
          })
      }

      /// Whether a slice is the last of what lies in another. One shorter than a microsecond, at the other's end,
      /// might by its times as well come after it.
      private func isLast(_ slice: Slice, of other: Slice) -> Bool {
        slice.name == "add to sum" && other.name.hasPrefix("micro-batch ")
          || slice.name == "report" && other.name.hasPrefix("step ")
      }

      /// The slices of a thread as they lie in each other, in the file's order; fails where they overlap.
      func tree(rank: Int, thread: Int) -> [Node] {
        var roots: [Node] = []
        var open: [Node] = []
        for slice in slices where slice.rank == rank && slice.thread == thread {
          while let last = open.last, last.slice.time.upperBound <= slice.time.lowerBound,
            slice.time != last.slice.time.upperBound..<last.slice.time.upperBound
              || !isLast(slice, of: last.slice)
          {
            open.removeLast()
          }
          let node = Node(slice)
          if let parent = open.last {
            #expect(
              slice.time.upperBound <= parent.slice.time.upperBound
                && slice.time.lowerBound >= parent.slice.time.lowerBound,
              "\(slice.name) isn't in \(parent.slice.name)")
            parent.children.append(node)
          } else {
            roots.append(node)
          }
          open.append(node)
        }
        return roots
      }
    }

    private func train(
      _ files: RunFiles, _ options: [String] = [], data: String, ranks: Int? = nil,
      settings: [String] = []
    ) throws -> WorkerRun {
      try tutti(
        ["train", "--data", data, "--run", files.path, "--resume", "auto"] + options
          + set(Self.settings + settings), ranks: ranks)
    }

    @Test func `the steps of all ranks, part by part, with the bits of a run without a trace`()
      throws
    {
      let photos = try Photos.folder(train: 144)
      let plain = RunFiles(try Scratch.path("run"))
      #expect(try train(plain, data: photos).exitCode == 0)
      for ranks in [1, 2, 3] {
        let files = RunFiles(try Scratch.path("run"))
        let path = "\(files.path)/trace.json"
        let run = try train(files, ["--trace", path], data: photos, ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(
          run.output.contains(
            "trace     \(path): steps 3 to 5 of \(ranks) rank\(ranks == 1 ? "" : "s"); open it at"))
        #expect(try files.contents(ofCheckpoint: 7) == plain.contents(ofCheckpoint: 7))

        let trace = try Trace(path)
        #expect(Set(trace.slices.map(\.rank)) == Set(0..<ranks))
        let (processes, threads) = (trace.names("process_name"), trace.names("thread_name"))
        for rank in 0..<ranks {
          #expect(processes[[rank, 1]]?.hasPrefix("rank \(rank) on ") == true)
          #expect(threads[[rank, 1]] == "main")
          #expect(threads.contains { $0.key[0] == rank && $0.value.hasPrefix("loader ") })
          try check(trace, rank: rank, of: ranks)
        }
        for key in threads.keys { _ = trace.tree(rank: key[0], thread: key[1]) }
        let decoded = trace.slices.filter { $0.name == "decode" }
        #expect(
          decoded.allSatisfy {
            $0.thread > 1 && ($0.details["photo"] as? String)?.hasSuffix(".jpg") == true
          })
        checkClocks(trace, ranks: ranks)
      }
    }

    /// One rank's thread of steps.
    private func check(_ trace: Trace, rank: Int, of ranks: Int) throws {
      let roots = trace.tree(rank: rank, thread: 1)
      // An epoch has three steps: the first traced one is its last.
      #expect(
        roots.map(\.slice.name) == [
          "step 3", "end of epoch", "checkpoint", "step 4", "step 5",
        ])
      #expect(roots[1].children.map(\.slice.name).contains("validation"))
      let steps = roots.filter { $0.slice.category == "step" }
      // A busy machine may take the core away between two slices, but not each time.
      #expect(steps.allSatisfy { $0.covered <= 1 })
      #expect((steps.map(\.covered).max() ?? 0) >= 0.95, "\(steps.map(\.covered))")
      for (number, step) in zip(3..., steps) {
        #expect(step.slice.details["step"] as? Int == number)
        let names = step.children.map(\.slice.name)
        let leaves = names.filter { $0.hasPrefix("micro-batch ") }
        #expect(leaves == (rank * 6 / ranks..<(rank + 1) * 6 / ranks).map { "micro-batch \($0)" })
        let waits = ranks > 1 ? ["wait for ranks"] : []
        #expect(
          Array(names.dropFirst(leaves.count))
            == waits + ["exchange", "agree", "update"] + waits + ["weights", "average", "report"])
        for leaf in step.children.prefix(leaves.count) {
          #expect(
            leaf.children.map(\.slice.name) == [
              "wait for data", "prepare", "forward", "loss", "backward", "add to sum",
            ])
        }
        for (pass, suffix) in [("forward", ""), ("backward", " backward")] {
          for node in step.children.prefix(leaves.count).flatMap(\.children)
          where node.slice.name == pass {
            let operations = node.children.filter { $0.slice.name == "convolution" + suffix }
            // cifar-resnet8 has seven, and two more on the ways around.
            #expect(operations.count == 9)
            let layers = operations.compactMap { $0.slice.details["layer"] as? String }
            #expect(Set(layers).isSuperset(of: ["conv1", "layer1.0.conv1", "layer3.0.conv2"]))
            #expect(
              operations.allSatisfy {
                ($0.slice.details["output"] as? String)?.hasPrefix("[8, ") == true
              })
          }
        }
      }
    }

    /// What ranks do together they do at the same time.
    ///
    /// - Parameter ahead: microseconds by which all clocks but rank 0's are ahead; on one host none.
    private func checkClocks(_ trace: Trace, ranks: Int, ahead: Double = 0) {
      #expect(trace.clocks.map { $0["rank"] as? Int } == Array(0..<ranks))
      for (rank, clock) in trace.clocks.enumerated() {
        let (offset, error) = (clock["offset"] as? Double, clock["uncertainty"] as? Double)
        // Both measurements are right within the larger error.
        let expected = rank == 0 ? 0 : -ahead
        #expect(abs((offset ?? .infinity) - expected) <= (error ?? 0) + 1e-3, "\(clock)")
      }
      let largest = trace.clocks.compactMap { $0["uncertainty"] as? Double }.max() ?? 0
      for name in ["exchange", "weights"] {
        let all = trace.slices.filter { $0.name == name }
        for step in 0..<3 {
          let same = (0..<ranks).map { rank in all.filter { $0.rank == rank }[step].time }
          let start = same.map(\.lowerBound).max() ?? 0
          // Nobody has left before all have come.
          #expect(
            same.allSatisfy { Double($0.upperBound) + 2 * largest + 2 >= Double(start) },
            "\(name) \(same)")
        }
      }
    }

    /// Whether a process may be given a monotonic clock of its own: a namespace, which root can make.
    private static let canShiftClocks =
      (try? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["unshare", "-T", "--monotonic=1000", "true"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
      }()) ?? false

    @Test(.enabled(if: canShiftClocks))
    func `a rank whose clock is a quarter of an hour ahead`() throws {
      let script = try Scratch.path("shift.sh")
      try Data(
        #"[ "$OMPI_COMM_WORLD_RANK" = 0 ] || exec unshare -T --monotonic=1000 "$@"; exec "$@""#.utf8
      ).write(to: URL(filePath: script))
      let files = RunFiles(try Scratch.path("run"))
      let path = try Scratch.path("trace.json")
      let run = try tutti(
        ["train", "--data", Photos.folder(train: 144), "--run", files.path, "--trace", path]
          + set(Self.settings), ranks: 2, options: ["sh", script])
      #expect(run.exitCode == 0, "\(run.errors)")
      let trace = try Trace(path)
      checkClocks(trace, ranks: 2, ahead: 1e9)
      let times = (0..<2).map { rank in
        trace.slices.filter { $0.rank == rank && $0.thread == 1 }.map(\.time.upperBound).max() ?? 0
      }
      #expect(times.allSatisfy { 0 < $0 && $0 < 60_000_000 }, "\(times)")
    }

    @Test func `steps by their numbers, also of a run that goes on, and as far as it comes`() throws
    {
      let files = RunFiles(try Scratch.path("run"))
      let photos = try Photos.folder(train: 144)
      #expect(try train(files, data: photos, settings: ["training.max-steps=2"]).exitCode == 0)
      let path = try Scratch.path("trace.json")
      let early = try train(
        files, ["--trace", path, "--trace-steps", "1..2"], data: photos, ranks: 2)
      #expect(early.exitCode == 65)
      #expect(early.complaints == ["tutti: --trace-steps 1..2: the steps from here on are 3..7"])
      let run = try train(
        files, ["--trace", path, "--trace-steps", "6..9"], data: photos, ranks: 2)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.contains("trace     \(path): steps 6 to 7 of 2 ranks"))
      let steps = try Trace(path).slices.filter { $0.name.hasPrefix("step ") }
      #expect(steps.map(\.name) == ["step 6", "step 7", "step 6", "step 7"])

      // The same command again: the run is finished, and the trace stays.
      let before = try Data(contentsOf: URL(filePath: path))
      let again = try train(files, ["--trace", path, "--trace-steps", "6..9"], data: photos)
      #expect(again.exitCode == 0, "\(again.errors)")
      #expect(again.output.contains("trace     \(path) was there already, and was left as it is"))
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
      let other = try Scratch.path("trace.json")
      let finished = try train(files, ["--trace", other], data: photos)
      #expect(finished.exitCode == 0)
      #expect(finished.output.contains("trace     none: the training ended before"))
    }

    @Test func `what can't be traced is told before anything is done`() throws {
      let taken = try Scratch.path("trace.json")
      try Data("mine".utf8).write(to: URL(filePath: taken))
      for (options, code, says) in [
        (["--trace", taken], 65, "\(taken) is there already; name another file with --trace"),
        (["--trace", "\(taken)/trace.json"], 1, "Not a directory"),
        (["--trace-steps", "3"], 64, "--trace-steps needs --trace FILE"),
        (["--trace", "t.json", "--dry-run"], 64, "--dry-run writes nothing"),
        (["--trace", "t.json", "--trace-steps", "0"], 64, "--trace-steps"),
        (["--trace", "t.json", "--trace-steps", "5..3"], 64, "--trace-steps"),
        (["--trace", "t.json", "--trace-steps", "3...5"], 64, "--trace-steps"),
      ] as [([String], Int32, String)] {
        let files = RunFiles(try Scratch.path("run"))
        let run = try train(files, options, data: Photos.few, ranks: 2)
        #expect(run.exitCode == code, "\(options)")
        #expect(run.errors.contains(says), "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: files.path), "\(options)")
      }
      #expect(try String(contentsOfFile: taken, encoding: .utf8) == "mine")
    }
  }
}
