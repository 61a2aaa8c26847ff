import Foundation
import Glibc

/// A run of one of the project's scripts, with the binaries beside the test bundle.
package struct ScriptRun: Sendable {
  package let exitCode: Int32
  /// What it printed, errors included.
  package let output: String

  /// Whether the script says, with its last line, that this machine doesn't permit what it needs.
  package var isSkipped: Bool { exitCode == 77 }

  /// Runs a script to its end, or to the limit, when it is killed and the exit code is 124.
  ///
  /// - Parameter arguments: the script's path in the project, then what it takes.
  package static func run(_ arguments: [String], limit: Int) throws -> ScriptRun {
    let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let output = FileManager.default.temporaryDirectory.appending(path: "tutti-\(UUID())")
    try Data().write(to: output)
    defer { try? FileManager.default.removeItem(at: output) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "--kill-after=5", "\(limit)"] + arguments
    process.currentDirectoryURL = project
    process.environment = ProcessInfo.processInfo.environment.merging([
      "TUTTI": products.appending(path: "tutti").path,
      "WORKER": products.appending(path: "tutti-test-worker").path,
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    let file = try FileHandle(forWritingTo: output)
    process.standardOutput = file
    process.standardError = file
    try hearingSignals { try process.run() }
    process.waitUntilExit()
    return ScriptRun(
      exitCode: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self))
  }
}

/// Starts a process that hears signals. Tests run on threads that block them, and a child inherits that:
/// a shell would never know that it was asked to stop.
func hearingSignals<Result>(_ body: () throws -> Result) rethrows -> Result {
  var (none, own) = (sigset_t(), sigset_t())
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, &own)
  defer { pthread_sigmask(SIG_SETMASK, &own, nil) }
  return try body()
}
