import ArgumentParser
import Logging
import MPI

/// The log on standard error: what a run tells besides its report on standard output.
struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How much goes to standard error: debug: each rank says what it does.",
      valueName: "level"))
  var logLevel: Level = .notice

  enum Level: String, ExpressibleByArgument, CaseIterable { case debug, notice, warning }

  /// The log of this rank, whose lines name it.
  func makeLog(_ world: World) -> Logger {
    var log = Logger(label: "tutti") { StreamLogHandler(label: $0, stream: StandardError()) }
    log.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .notice
    log[metadataKey: "rank"] = "\(world.communicator.rank)"
    log[metadataKey: "host"] = "\(world.status.host)"
    return log
  }
}
