import Foundation

/// A run of one of the package's programs in processes of its own, which MPI, signals and exit codes
/// need.
package struct WorkerRun: Sendable {
  package let exitCode: Int32
  /// What rank 0 and the others printed.
  package let output: String
  package let errors: String
  package let seconds: Double

  package var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// A run that goes on: what can be seen of it, and whom to send signals.
  package struct Running {
    /// mpirun's process; the program's own without mpirun.
    package let process: Int32
    /// All that was printed so far.
    package let output: String

    /// mpirun's children, rank by rank. Fewer while they are being started.
    package var ranks: [Int32] {
      let tasks = "/proc/\(process)/task"
      let children = ((try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? [])
        .flatMap { words(of: "\(tasks)/\($0)/children", separator: " ") }
        .compactMap { Int32($0) }
      let ranks = children.map { child in
        let variables = words(of: "/proc/\(child)/environ", separator: "\0")
        let rank = variables.first { $0.hasPrefix("OMPI_COMM_WORLD_RANK=") }?.split(separator: "=")
        return (child: child, rank: rank.flatMap { Int($0[1]) } ?? .max)
      }
      return ranks.sorted { $0.rank < $1.rank }.map(\.child)
    }

    private func words(of path: String, separator: Character) -> [String] {
      let bytes = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
      return String(decoding: bytes, as: UTF8.self).split(separator: separator).map(String.init)
    }
  }

  /// One at a time: the machine may have two cores, and some runs are timed.
  private static let turn = NSLock()

  /// Runs a program to its end, or to the limit, when it is ended and the exit code is 124.
  ///
  /// - Parameters:
  ///   - program: one of the package's products.
  ///   - ranks: nil for a process without mpirun.
  ///   - options: for mpirun.
  ///   - limit: in seconds.
  ///   - whileRunning: is called fifty times a second.
  package static func run(
    _ arguments: [String], of program: String = "tutti-test-worker", ranks: Int?,
    options: [String] = [], limit: Int = 60, whileRunning: (Running) -> Void = { _ in }
  ) throws -> WorkerRun {
    turn.lock()
    defer { turn.unlock() }
    let folder = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "output")
    let errors = folder.appending(path: "errors")
    for file in [output, errors] { try Data().write(to: file) }

    // Beside the test bundle, where the build puts all products.
    let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: program).path
    let launcher = ranks.map {
      ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "\($0)"] + options
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // The threads that tests run on block signals, and processes would inherit that.
    process.arguments = ["--default-signal"] + (launcher ?? []) + [path] + arguments
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
    try hearingSignals { try process.run() }
    var seconds: Double { Date().timeIntervalSince(start) }
    var isOver = false
    while process.isRunning {
      usleep(20_000)
      whileRunning(Running(process: process.processIdentifier, output: try text(output)))
      if seconds > Double(limit) {
        if !isOver { process.terminate() }
        if seconds > Double(limit + 5) { kill(process.processIdentifier, SIGKILL) }
        isOver = true
      }
    }
    process.waitUntilExit()
    return WorkerRun(
      exitCode: isOver ? 124 : process.terminationStatus, output: try text(output),
      errors: try text(errors), seconds: seconds)
  }
}
