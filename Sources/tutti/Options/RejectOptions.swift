import ArgumentParser
import Evaluation
import Reporting

/// Thresholds under which a photo is told to be none of the classes.
struct RejectOptions: ParsableArguments {
  @Option(
    name: .customLong("reject"), parsing: .singleValue,
    help: ArgumentHelp(
      "Tells how many photos have a class of this probability, and how many of these are right. May be "
        + "repeated.", valueName: "probability"))
  var thresholds: [Double] = []

  func validate() throws {
    if let bad = thresholds.first(where: { !(0...1).contains($0) }) {
      throw ValidationError("--reject \(bad): a probability is a number from 0 to 1")
    }
  }

  func rejections(_ predictions: Predictions) -> [Rejection] {
    thresholds.map { Rejection(predictions, below: $0) }
  }

  /// `rejecting under 0.6: coverage 0.933, accuracy of these 0.965`
  static func lines(_ rejections: [Rejection]) -> [String] {
    rejections.map { rejection in
      "rejecting under \(rejection.threshold): coverage \(NumberText.fixed(rejection.coverage, 3))"
        + (rejection.accuracy.map { ", accuracy of these \(NumberText.fixed($0, 3))" } ?? "")
    }
  }
}
