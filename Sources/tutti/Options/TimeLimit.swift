import ArgumentParser

/// A length of time as people write it: `8h`, `90min`, `1d12h`.
struct TimeLimit: ExpressibleByArgument, Equatable {
  let seconds: Double
  /// As it was given.
  let text: String

  private static let units = ["d": 86400.0, "h": 3600, "min": 60, "m": 60, "s": 1]

  init?(argument: String) {
    var seconds = 0.0
    var rest = Substring(argument)
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      let unit = rest.dropFirst(number.count).prefix { $0.isLetter }
      guard let count = Double(number), let length = Self.units[String(unit)] else { return nil }
      seconds += count * length
      rest = rest.dropFirst(number.count + unit.count)
    }
    guard seconds > 0 else { return nil }
    self.seconds = seconds
    text = argument
  }
}

/// How long all of it may take.
struct TimeLimitOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long it may take: three steps are tried, and as many of the recipe's epochs trained as there is time for, so that schedules come to their end. A run that goes on keeps its epochs.",
      valueName: "8h, 90min"))
  var timeLimit: TimeLimit?
}
