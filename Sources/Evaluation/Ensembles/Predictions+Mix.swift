import Glibc

extension Predictions {
  /// What members say together by their weights, with a temperature. With wₘ the weights and T the temperature it is
  /// the softmax of
  ///
  ///     log(Σ wₘ pₘ) / T    for the mean of probabilities
  ///     Σ wₘ log pₘ / T     for the mean of logits, from which logarithms of probabilities differ by a number for each
  ///                         photo that the softmax doesn't see
  ///
  /// and where photos have several labels the sigmoid of logit(Σ wₘ pₘ) / T or Σ wₘ logit(pₘ) / T of each.
  ///
  /// - Parameter members: of the same photos and classes, as many as there are weights.
  package init(ensembleOf members: [Predictions], by mix: EnsembleMix) {
    precondition(members.count == mix.weights.count, "a weight for each member")
    let first = members[0]
    first.requireSamePhotos(as: members)
    self.init(classes: first.classes, thresholds: first.thresholds)
    let classes = first.classes.count
    let hasSeveral = first.thresholds != nil
    for row in first.samples.indices {
      let places = (row * classes)..<((row + 1) * classes)
      let logits = places.map { place in
        var mean = 0.0
        for (member, weight) in zip(members, mix.weights) {
          let p = member.probabilities[place]
          mean +=
            weight * (mix.averaging == .probabilities ? p : Self.logit(p, ofSeveral: hasSeveral))
        }
        let logit =
          mix.averaging == .probabilities ? Self.logit(mean, ofSeveral: hasSeveral) : mean
        return logit / mix.temperature
      }
      append(sample: first.samples[row], labels: first.labels(of: row), logits: logits[...])
    }
  }

  /// The logarithm of a probability; of a label that is asked for by itself, that of its odds. It is a number for 0 and
  /// 1, too.
  private static func logit(_ p: Double, ofSeveral: Bool) -> Double {
    ofSeveral ? logOfLabel(p) - logOfLabel(1 - p) : logOfClass(p)
  }

  /// As if a probability too small for a number were the smallest that is one.
  static func logOfClass(_ p: Double) -> Double { log(max(p, .leastNonzeroMagnitude)) }

  /// The same for one that is known no better than its complement, as in `loss`.
  static func logOfLabel(_ p: Double) -> Double { log(max(p, 0x1p-52)) }

  func requireSamePhotos(as others: [Predictions]) {
    precondition(
      others.allSatisfy {
        $0.classes == classes && $0.thresholds == thresholds && $0.samples == samples
          && $0.labels == labels && $0.truths == truths
      }, "members of other photos or classes")
  }
}
