import ArgumentParser
import Reporting
import Timelines

/// Whether people are told how things go.
struct QuietOption: ParsableArguments {
  @Flag(help: "Tells nothing of how things go: results, warnings and errors alone.")
  var quiet = false

  /// What goes on is shown from now on, unless nobody wants to see it.
  ///
  /// - Parameter patience: until it is, where no terminal is.
  func showActivities(patience: Duration = .seconds(2)) {
    if !quiet { Activity.watch(with: ActivityLine(patience: patience)) }
  }

  /// Where it is told how a training goes; the same as where its results are, unless nobody wants to hear of it.
  func account(on console: Console) -> Console { quiet ? Console(isQuiet: true) : console }
}
