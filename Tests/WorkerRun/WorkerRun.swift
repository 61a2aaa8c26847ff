import Foundation

/// A run of `tutti-test-worker` in processes of its own, which MPI, signals and exit codes need.
package struct WorkerRun: Sendable {
  package let exitCode: Int32
  /// What rank 0 and the others printed.
  package let output: String
  package let errors: String
  package let seconds: Double

  package var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// Beside the test bundle, where the build puts all products.
  private static var worker: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "tutti-test-worker")
  }

  /// One at a time: the machine may have two cores, and some runs are timed.
  private static let turn = NSLock()

  /// Runs the worker to its end, or to the limit, when it is killed and the exit code is 124.
  ///
  /// - Parameters:
  ///   - ranks: nil for a process without mpirun.
  ///   - options: for mpirun.
  ///   - whileRunning: gets all that was printed so far, every tenth of a second.
  package static func run(
    _ arguments: [String], ranks: Int?, options: [String] = [], limit: Int = 60,
    whileRunning: (_ output: String) -> Void = { _ in }
  ) throws -> WorkerRun {
    turn.lock()
    defer { turn.unlock() }
    let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "output")
    let errors = folder.appending(path: "errors")
    for file in [output, errors] { try Data().write(to: file) }

    let launcher = ranks.map {
      ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "\($0)"] + options
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["timeout", "--kill-after=5", "\(limit)"] + (launcher ?? []) + [worker.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      getuid() == 0 ? ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"] : [:]
    ) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    func text(_ file: URL) throws -> String {
      String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    let start = Date()
    try process.run()
    while process.isRunning {
      usleep(100_000)
      whileRunning(try text(output))
    }
    process.waitUntilExit()
    return WorkerRun(
      exitCode: process.terminationStatus, output: try text(output), errors: try text(errors),
      seconds: Date().timeIntervalSince(start))
  }
}
