import Foundation
import Testing
import WorkerRun

/// The program as a user meets it: its processes, files, lines and exit codes. One run at a time.
@Suite(.serialized) enum EndToEnd {}

/// Runs `tutti`, on so many ranks of mpirun or without it.
func tutti(
  _ arguments: [String], ranks: Int? = nil, options: [String] = [],
  whileRunning: (WorkerRun.Running) -> Void = { _ in }
) throws -> WorkerRun {
  try WorkerRun.run(
    arguments, of: "tutti", ranks: ranks, options: options, limit: 45, whileRunning: whileRunning)
}

/// `--set` for each setting.
func set(_ settings: [String]) -> [String] { settings.flatMap { ["--set", $0] } }

extension WorkerRun {
  /// What tutti itself had to say on standard error, without mpirun's banner.
  var complaints: [String] {
    errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("tutti: ") }
  }
}
