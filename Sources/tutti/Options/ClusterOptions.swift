import ArgumentParser
import DataParallel
import Files
import Planning

/// A network's speed as people write it: `10Gbit`, `100Mbit/s`.
struct NetworkSpeed: ExpressibleByArgument, Equatable {
  let bytesPerSecond: Double

  private static let units = ["kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9]

  init?(argument: String) {
    var text = Substring(argument)
    if text.hasSuffix("/s") { text = text.dropLast(2) }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits), number > 0,
      let bits = Self.units[String(text.dropFirst(digits.count))]
    else { return nil }
    bytesPerSecond = number * bits / 8
  }
}

extension ByteCount: ArgumentParser.ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}

/// The hosts that are planned for.
struct ClusterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Cores of each host; by default as many as this process may use here.", valueName: "number"))
  var cores: Int?

  @Option(help: ArgumentHelp("How many hosts, all alike.", valueName: "number"))
  var hosts = 1

  @Option(
    help: ArgumentHelp(
      "What a host sends in a second; needed for several hosts.", valueName: "10Gbit"))
  var network: NetworkSpeed?

  @Option(
    help: ArgumentHelp(
      "Memory of each host; by default what is free here.", valueName: "64GB"))
  var memory: ByteCount?

  func validate() throws {
    try require(hosts, in: 1...10_000, for: "--hosts")
    if let cores { try require(cores, in: 1...4096, for: "--cores") }
    if hosts > 1 && network == nil {
      throw ValidationError(
        "--hosts \(hosts) needs --network, such as 10Gbit: what a host sends in a second")
    }
  }

  var cluster: Cluster {
    Cluster(
      hosts: hosts, cores: cores ?? Cores.usable, memoryBytes: memory?.bytes,
      networkBytesPerSecond: network?.bytesPerSecond)
  }
}
