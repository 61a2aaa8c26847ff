import Glibc

extension Predictions {
  /// What models say together: the mean of their probabilities, added in the order of the models.
  ///
  /// - Parameter members: of the same photos and classes; one at least.
  package init(ensembleOf members: [Predictions]) {
    let (first, count) = (members[0], Double(members.count))
    first.requireSamePhotos(as: members)
    let probabilities = first.probabilities.indices.map { index in
      members.reduce(0) { $0 + $1.probabilities[index] } / count
    }
    if first.thresholds != nil, members.count > 1 {
      let classes = first.classes.count
      self.init(
        classes: first.classes, thresholds: first.thresholds, samples: first.samples,
        labels: first.labels, truths: first.truths, probabilities: probabilities,
        losses: first.samples.indices.map { row in
          Self.loss(probabilities[(row * classes)..<((row + 1) * classes)]) { first.has($0, row) }
        })
      return
    }
    // −log of the mean of exp(−loss), so that probabilities too small for a number still count.
    let losses = first.losses.indices.map { row in
      let least = members.reduce(Double.infinity) { min($0, $1.losses[row]) }
      return least - log(members.reduce(0) { $0 + exp(least - $1.losses[row]) } / count)
    }
    self.init(
      classes: first.classes, thresholds: first.thresholds, samples: first.samples,
      labels: first.labels, truths: first.truths, probabilities: probabilities, losses: losses)
  }
}
