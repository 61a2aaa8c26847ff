import ArgumentParser
import Serving

/// What a server takes of its clients.
struct ServerLimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The most megabytes of a request.", valueName: "MB"))
  var largestUpload = 32

  @Option(help: ArgumentHelp("The most megapixels of a photo.", valueName: "megapixels"))
  var largestPhoto = 50

  @Option(
    help: ArgumentHelp(
      "The most requests of a client in a minute, by its address; by default any number.",
      valueName: "requests"))
  var rate: Int?

  @Option(help: ArgumentHelp("Photos that may wait; others get 503.", valueName: "photos"))
  var queue = 64

  @Option(help: ArgumentHelp("The most open connections.", valueName: "number"))
  var connections = 256

  @Option(
    help: ArgumentHelp(
      "How long a photo waits for others that are being decoded, so that each thread has one.",
      valueName: "ms"))
  var batchWait = 2.0

  @Option(
    help: ArgumentHelp(
      "How long a request's body may take; its head may take a third of it.", valueName: "seconds"))
  var requestTimeout = 30

  func validate() throws {
    for (option, value, range) in [
      ("--largest-upload", largestUpload, 1...256), ("--largest-photo", largestPhoto, 1...4000),
      ("--rate", rate ?? 1, 1...1_000_000), ("--queue", queue, 1...10_000),
      ("--connections", connections, 1...10_000), ("--request-timeout", requestTimeout, 1...3600),
    ] where !range.contains(value) {
      throw ValidationError(
        "\(option) \(value): a number from \(range.lowerBound) to \(range.upperBound)")
    }
    if !(0...1000).contains(batchWait) {
      throw ValidationError("--batch-wait \(batchWait): 0 to 1000 milliseconds")
    }
  }

  /// Of the models' recipes.
  var settings: [String] { ["data.largest-photo=\(largestPhoto)"] }

  var limits: ServerLimits {
    var limits = ServerLimits()
    limits.mostBytes = largestUpload << 20
    limits.longestQueue = queue
    limits.mostConnections = connections
    limits.requestsPerMinute = rate
    limits.batchWait = .microseconds(Int(batchWait * 1000))
    limits.bodyTime = .seconds(requestTimeout)
    limits.headTime = .milliseconds(requestTimeout * 1000 / 3)
    return limits
  }
}
