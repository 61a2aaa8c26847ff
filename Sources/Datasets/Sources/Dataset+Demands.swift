extension Dataset {
  /// What photos have to be for what is to be done with them.
  package struct Demands: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Two classes or more, and photos to train on of each. Without it, a model may be asked of what there
    /// is.
    package static let training = Demands(rawValue: 1)
    /// The files that a manifest names are there. Without it, those that aren't are photos that can't be
    /// read, which are left out or told later; unless that is all of them.
    package static let files = Demands(rawValue: 2)
    package static let all: Demands = [.training, .files]
  }
}
