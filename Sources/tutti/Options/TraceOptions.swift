import ArgumentParser
import Checkpoints
import Files
import Reporting
import Training

/// A trace of some steps, to see where their time goes.
struct TraceOptions: ParsableArguments {
  @Option(
    name: .customLong("trace"),
    help: ArgumentHelp(
      "Writes what all ranks do in some steps, for ui.perfetto.dev (docs/trace.md).",
      valueName: "file"),
    completion: .file())
  var file: String?

  @Option(
    name: .customLong("trace-steps"),
    help: ArgumentHelp(
      "Which: so many after two that warm up, or FIRST..LAST by their numbers; 3 by default.",
      valueName: "steps"))
  var steps: TracedSteps?

  func validate() throws {
    if steps != nil && file == nil {
      throw ValidationError("--trace-steps needs --trace FILE: where is the trace to go?")
    }
  }

  /// Looks, before work begins, whether the file can be written.
  ///
  /// - Parameter goesOn: whether a run goes on: one command serves for all its starts, so a trace that is
  ///   there is left as it is.
  /// - Returns: whether a trace is to be made.
  /// - Throws: `FileExists`, `FileError`.
  func check(goesOn: Bool) throws -> Bool {
    guard let file, !(goesOn && Paths.exists(file)) else { return false }
    try TraceFile.check(file)
    return true
  }

  /// Who writes the trace.
  func observers(_ console: Console) -> [any TrainingObserver] {
    file.map { [TraceFile(path: $0, console: console)] } ?? []
  }

  /// What records the steps.
  ///
  /// - Parameter trainer: has steps to take.
  /// - Throws: `TracedStepsError`.
  func tracing(of trainer: Trainer) throws -> Tracing {
    Tracing(
      try (steps ?? .usual).range(after: trainer.state.step, to: trainer.lastStep))
  }

  /// Why there is no trace after a training; nil where there is one, or none was asked for.
  func note(on trainer: Trainer, isTraced: Bool) -> String? {
    guard let file else { return nil }
    if !isTraced { return "trace     \(file) was there already, and was left as it is" }
    return trainer.tracing?.hasBegun == true
      ? nil : "trace     none: the training ended before a step that was to be traced"
  }
}

extension TracedSteps: ExpressibleByArgument {
  /// `3` or `100..103`.
  public init?(argument: String) {
    let numbers = argument.pieces(at: ".").compactMap { Int($0) }
    guard numbers.allSatisfy({ 1...1_000_000_000 ~= $0 }) else { return nil }
    switch numbers.count {
    case 1 where argument == "\(numbers[0])": self = .count(numbers[0])
    case 2 where argument == "\(numbers[0])..\(numbers[1])" && numbers[0] <= numbers[1]:
      self = .numbers(numbers[0]...numbers[1])
    default: return nil
    }
  }
}
