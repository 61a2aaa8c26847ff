import ArgumentParser
import Reporting
import Timelines

/// Whether people are told how things go.
struct QuietOption: ParsableArguments {
  @Flag(help: "Tells nothing of how things go: results, warnings and errors alone.")
  var quiet = false

  /// What goes on is shown from now on, unless nobody wants to see it.
  func showActivities() { if !quiet { Activity.watch(with: ActivityLine()) } }

  /// A training tells how it goes: what goes on within it is shown in a file where it takes longer than that takes to be
  /// told again.
  func leaveToAccount() {
    if !quiet { Activity.watch(with: ActivityLine(patience: Console.interval)) }
  }

  /// Where it is told how a training goes; the same as where its results are, unless nobody wants to hear of it.
  func account(on console: Console) -> Console { quiet ? Console(isQuiet: true) : console }
}
