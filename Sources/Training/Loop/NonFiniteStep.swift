import Files

/// A step whose numbers weren't finite, and which was not applied.
package struct NonFiniteStep: Equatable, Sendable {
  /// Where in a micro-batch the numbers arise.
  package struct Place: Codable, Equatable, Sendable {
    /// Such as `the output of conv1`: see `FiniteCheck`.
    package let what: String
    /// Of the world, that the micro-batch was on.
    package let rank: Int
    package let host: String
    /// What its photos are called in messages.
    package let photos: [String]
  }

  /// The first parameter, running statistic or sum that isn't finite in the sum over the step.
  package let what: String
  /// Counted from 1.
  package let step: Int
  package let learningRate: Double
  /// In the first micro-batch that has such numbers; nil where they weren't looked for, or come of summing up alone.
  package var place: Place?

  package init(what: String, step: Int, learningRate: Double, place: Place? = nil) {
    self.what = what
    self.step = step
    self.learningRate = learningRate
    self.place = place
  }
}

extension NonFiniteStep: CustomStringConvertible {
  /// `the output of conv1 is not finite in step 3 (learning rate 0.1), on rank 1 of host n1 with a.jpg, b.jpg, … (16 in all)`
  package var description: String {
    let number = "in step \(step) (learning rate \(learningRate))"
    guard let place else { return "the numbers of \(what) are not finite \(number)" }
    return
      "\(place.what) is not finite \(number), on rank \(place.rank) of host \(place.host) with "
      + few(place.photos, atMost: 4)
  }
}
