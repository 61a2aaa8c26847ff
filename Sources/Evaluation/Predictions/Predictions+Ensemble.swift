import Glibc

extension Predictions {
  /// What models say together: the mean of their probabilities, added in the order of the models.
  ///
  /// - Parameter members: of the same photos and classes; one at least.
  package init(ensembleOf members: [Predictions]) {
    let (first, count) = (members[0], Double(members.count))
    precondition(
      members.allSatisfy {
        $0.classes == first.classes && $0.samples == first.samples && $0.labels == first.labels
      }, "members of other photos or classes")
    let probabilities = first.probabilities.indices.map { index in
      members.reduce(0) { $0 + $1.probabilities[index] } / count
    }
    // −log of the mean of exp(−loss), so that probabilities too small for a number still count.
    let losses = first.losses.indices.map { row in
      let least = members.reduce(Double.infinity) { min($0, $1.losses[row]) }
      return least - log(members.reduce(0) { $0 + exp(least - $1.losses[row]) } / count)
    }
    self.init(
      classes: first.classes, samples: first.samples, labels: first.labels,
      probabilities: probabilities, losses: losses)
  }
}
