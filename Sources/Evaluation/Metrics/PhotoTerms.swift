/// What each photo adds to the metrics of photos with one label each, so that those of many draws of the photos cost
/// little. A photo may count several times, or not at all.
package struct PhotoTerms: Sendable {
  /// What probabilities add.
  private struct Probabilities: Sendable {
    var squares: [Double] = []
    /// Classes before the label, the more probable and of equals the first ones.
    var places: [Int32] = []
    var confidences: [Double] = []
    var bins: [Int8] = []
    var ranked: [RankedPhotos] = []
  }

  package let classes: [String]
  package let count: Int
  /// What occurs, and for each photo its place there.
  private let pairs: [(label: Int, predicted: Int)]
  private let pair: [Int32]
  private let losses: [Double]
  private let probabilities: Probabilities?

  /// - Parameter ranks: whether metrics will be asked for that rank the photos.
  init(_ predictions: Predictions, ranks: Bool = true) {
    precondition(predictions.thresholds == nil, "photos with several labels")
    let rows = predictions.samples.indices
    var all = Probabilities()
    for row in rows {
      let (own, label) = (predictions[row], predictions.labels[row])
      let truth = predictions.probability(row, of: label)
      var (squares, before) = (0.0, 0)
      for (place, p) in own.enumerated() {
        let gap = place == label ? 1 - p : p
        squares += gap * gap
        if p > truth || truth.isNaN || p == truth && place < label { before += 1 }
      }
      all.squares.append(squares)
      all.places.append(Int32(before))
      let confidence = predictions.probability(row, of: predictions.predicted(row))
      all.confidences.append(confidence)
      all.bins.append(Int8(Calibration.bin(of: confidence)))
    }
    if ranks {
      all.ranked = predictions.classes.indices.map { label in
        RankedPhotos(
          rows.map { (predictions.probability($0, of: label), predictions.labels[$0] == label) })
      }
    }
    self.init(
      predictions.classes, labels: predictions.labels, predicted: rows.map(predictions.predicted),
      losses: predictions.losses, all)
  }

  /// Where no more is known.
  package init(classes: [String], labels: [Int], predicted: [Int]) {
    self.init(classes, labels: labels, predicted: predicted, losses: [], nil)
  }

  /// Photos whose order isn't known.
  package init(_ matrix: ConfusionMatrix) {
    let triples = matrix.triples
    self.init(
      classes: matrix.classes,
      labels: triples.flatMap { [Int](repeating: $0[0], count: $0[2]) },
      predicted: triples.flatMap { [Int](repeating: $0[1], count: $0[2]) })
  }

  private init(
    _ classes: [String], labels: [Int], predicted: [Int], losses: [Double],
    _ probabilities: Probabilities?
  ) {
    precondition(labels.count == predicted.count)
    var (places, pairs, pair) = ([Int: Int32](), [(label: Int, predicted: Int)](), [Int32]())
    for (label, said) in zip(labels, predicted) {
      let key = label * classes.count + said
      if let known = places[key] {
        pair.append(known)
      } else {
        places[key] = Int32(pairs.count)
        pair.append(Int32(pairs.count))
        pairs.append((label, said))
      }
    }
    self.classes = classes
    count = labels.count
    (self.pairs, self.pair) = (pairs, pair)
    self.losses = losses
    self.probabilities = probabilities
  }

  /// Each photo counts once.
  package var once: [Int32] { [Int32](repeating: 1, count: count) }

  /// The classes' labels in the order of the photos.
  var labels: [Int] { pair.map { pairs[Int($0)].label } }

  /// - Parameter weights: how often each photo counts.
  func matrix(_ weights: [Int32]) -> ConfusionMatrix {
    var counts = [Int](repeating: 0, count: pairs.count)
    for (place, weight) in zip(pair, weights) { counts[Int(place)] += Int(weight) }
    var matrix = ConfusionMatrix(classes: classes)
    for (pair, count) in zip(pairs, counts) {
      matrix.add(label: pair.label, predicted: pair.predicted, count: count)
    }
    return matrix
  }

  /// The mean over the photos; no number where losses aren't known.
  func meanLoss(_ weights: [Int32]) -> Double {
    if losses.isEmpty { return count == 0 ? 0 : .nan }
    let photos = weights.reduce(0) { $0 + Int($1) }
    let sum = zip(losses, weights).reduce(0.0) { $1.1 == 0 ? $0 : $0 + $1.0 * Double($1.1) }
    return photos == 0 ? 0 : sum / Double(photos)
  }

  /// Nil where probabilities aren't known.
  ///
  /// - Parameter ranks: whether rankings are asked for, where the photos were ranked.
  func tally(_ weights: [Int32], ranks: Bool = true) -> ProbabilityTally? {
    guard let all = probabilities else { return nil }
    var (photos, squares) = (0, 0.0)
    var places = [Int](repeating: 0, count: 5)
    var bins = [Int](repeating: 0, count: Calibration.count)
    var (right, sums) = (bins, bins.map { _ in 0.0 })
    for (row, weight) in weights.enumerated() where weight != 0 {
      let (times, bin, place) = (Int(weight), Int(all.bins[row]), Int(all.places[row]))
      photos += times
      squares += Double(weight) * all.squares[row]
      if place < places.count { places[place] += times }
      bins[bin] += times
      let (label, predicted) = pairs[Int(pair[row])]
      if label == predicted { right[bin] += times }
      sums[bin] += Double(weight) * all.confidences[row]
    }
    return ProbabilityTally(
      photos: photos, places: places, brier: squares / Double(max(1, photos)),
      calibration: Calibration(photos: bins, right: right, confidence: sums),
      rankings: ranks ? all.ranked.map { $0.ranking(weights) } : [])
  }

  /// The metrics' values; no number where one has none.
  func values(_ metrics: [Metric], _ weights: [Int32]) -> [Double] {
    let (tally, loss) = (Tally.classes(matrix(weights)), meanLoss(weights))
    let probabilities =
      metrics.contains(where: \.needsProbabilities)
      ? self.tally(weights, ranks: metrics.contains(where: \.ranks)) : nil
    return metrics.map {
      $0.value(tally, meanLoss: loss, probabilities: probabilities) ?? .nan
    }
  }
}

extension Metric {
  /// Whether it takes the photos by the probability of each class.
  var ranks: Bool { self == .auroc || self == .meanAveragePrecision }
}
