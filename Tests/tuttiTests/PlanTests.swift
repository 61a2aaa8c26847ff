import Foundation
import Testing
import WorkerRun

extension EndToEnd {
  /// `tutti plan`, which tells what trainings would take elsewhere.
  @Suite struct PlanTests {
    /// Three micro-batches of three photos in a step, of 24 photos to train on. No other micro-batch is tried, each of
    /// which is measured for seconds.
    private static let settings =
      Photos.settings
      + ["training.global-batch=9", "training.micro-batch=3", "training.epochs=2"]

    private func plan(_ options: [String], ranks: Int? = nil) throws -> WorkerRun {
      // The last of two settings counts.
      try tutti(["plan", Photos.few] + set(Self.settings) + options, ranks: ranks)
    }

    private struct Document: Decodable {
      struct Row: Decodable {
        let arrangement: [String: Int]
        let seconds: Double
        let sendingSeconds: Double
        let epochs: Int
        let rankMemoryBytes: Int
        let hostMemoryBytes: Int
        let diskBytes: Int
      }
      struct OfRecipe: Decodable {
        let fitting: [Row]
        let leftOut: [Row]
        let start: String?
      }
      let recipes: [OfRecipe]

      init(_ run: WorkerRun) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Document.self, from: Data(run.output.utf8))
      }
    }

    @Test func `what is written can be started as it says`() throws {
      let folder = try Scratch.path("plan")
      let run = try plan(["--cores", "2", "--write", folder])
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.contains("\ncluster   1 host of 2 cores"))
      #expect(run.output.contains(#/\nhosts +ranks +threads +micro-batch +time +epochs +sending/#))
      let start = try #require(run.lines.last)
      #expect(
        start.hasPrefix("start     mpirun -n ") && start.contains(" --bind-to none tutti train "))
      let script = try String(contentsOfFile: "\(folder)/run.sh", encoding: .utf8)
      let words = script.split(whereSeparator: \.isWhitespace).map(String.init)
      #expect(words.last == "\"$@\"")
      let program = try #require(words.firstIndex(of: "tutti"))
      let count = try #require(words.firstIndex(of: "-n").flatMap { Int(words[$0 + 1]) })
      let training = try tutti(
        Array(words[(program + 1)...].dropLast()) + ["--run", try Scratch.path("run")], ranks: count
      )
      #expect(training.exitCode == 0, "\(training.errors)")
      #expect(training.output.contains("\ntrained   "))
    }

    @Test func `every arrangement is in the document, with what it takes`() throws {
      let run = try plan(
        ["--cores", "4", "--hosts", "2", "--network", "1Gbit", "--json"]
          + set(["training.global-batch=12", "training.micro-batch=4"]))
      #expect(run.exitCode == 0, "\(run.errors)")
      let found = try Document(run).recipes[0]
      // 1, 2 or 4 ranks on one or two hosts, with micro-batches of 4 and 2: of three or six.
      #expect(found.fitting.count + found.leftOut.count == 12)
      let ranks = { (row: Document.Row) in
        (row.arrangement["hosts"] ?? 0) * (row.arrangement["ranks_per_host"] ?? 0)
      }
      let alone = found.leftOut.map { [ranks($0), $0.arrangement["micro_batch"] ?? 0] }
      #expect(Set(alone) == [[4, 4], [8, 4], [8, 2]])
      for row in found.fitting {
        #expect(row.seconds > 0 && row.epochs == 2 && row.diskBytes > 0)
        #expect(row.rankMemoryBytes > 10 << 20 && row.rankMemoryBytes < 1 << 30)
        #expect(
          row.hostMemoryBytes == row.rankMemoryBytes * (row.arrangement["ranks_per_host"] ?? 0))
        #expect((row.sendingSeconds > 0) == (ranks(row) > 1))
      }
      #expect(found.start?.contains("--hostfile HOSTS --map-by ppr:") == true)
    }

    @Test func `folds, several recipes and a limit`() throws {
      let recipes = try (1...2).map { number in
        let path = try Scratch.path("recipe-\(number).yaml")
        try "training: {seed: \(number)}\n".write(toFile: path, atomically: true, encoding: .utf8)
        return path
      }
      let run = try plan(
        ["--cores", "2", "--folds", "3", "--time-limit", "1h", "--recipe"] + recipes)
      #expect(run.exitCode == 0, "\(run.errors)")
      for recipe in recipes {
        #expect(run.output.contains("recipe    \(recipe): cifar-resnet8, 3 folds of "))
      }
      let starts = run.lines.filter { $0.hasPrefix("start ") }
      #expect(starts.count == 2)
      for start in starts {
        #expect(
          start.contains(
            #/tutti crossval --folds 3 --parallel-folds [123] --recipe .*--time-limit 1h$/#))
      }
    }

    @Test(arguments: [
      (["--time-limit", "0.001s"], " for time: the fastest of them takes "),
      (["--memory", "20MB"], " for memory: the least of them takes "),
    ])
    func `what nothing fits into is told in a line`(
      options: [String], says: String
    ) throws {
      let folder = try Scratch.path("plan")
      let run = try plan(["--cores", "2", "--write", folder] + options)
      #expect(run.exitCode == 65)
      #expect(run.complaints.count == 1)
      let line = try #require(run.complaints.first)
      #expect(line.hasPrefix("tutti: nothing fits: ") && line.contains(says), "\(line)")
      #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test(arguments: [
      (["--cores", "0"], "--cores takes a whole number from 1 to 4096, not 0"),
      (["--hosts", "0"], "--hosts takes a whole number from 1 to 10000, not 0"),
      (["--hosts", "2"], "--hosts 2 needs --network, such as 10Gbit"),
      (["--network", "fast"], "The value 'fast' is invalid for '--network <10Gbit>'"),
      (["--network", "10GB"], "The value '10GB' is invalid for '--network <10Gbit>'"),
      (["--memory", "64"], "The value '64' is invalid for '--memory <64GB>'"),
      (["--time-limit", "long"], "The value 'long' is invalid for '--time-limit <8h, 90min>'"),
      (["--folds", "1"], "--folds must be at least 2"),
    ])
    func `a wrong option is told`(options: [String], says: String) throws {
      let run = try plan(options)
      #expect(run.exitCode == 64 && run.errors.contains(says), "\(run.errors)")
    }

    @Test func `it is for one process`() throws {
      let run = try plan([], ranks: 2)
      #expect(run.exitCode == 65)
      #expect(run.complaints.first?.contains("was started on 2; start it without mpirun") == true)
    }
  }
}
