import Evaluation
import Files

/// What two models say of the same photos.
struct PairedAnswers {
  let first: Answers
  let second: Answers

  /// Nil unless both were asked about the same photos with the same labels, in whatever order.
  init?(_ first: LabelledPhotos?, _ second: LabelledPhotos?) {
    guard let first, let second, first.paths.count == second.paths.count,
      first.predictions.classes == second.predictions.classes
    else { return nil }
    let places = Dictionary(
      zip(second.paths.map { ExactText($0) }, second.paths.indices), uniquingKeysWith: { $1 })
    var (labels, one, other) = ([Int](), [Int](), [Int]())
    for (row, path) in first.paths.enumerated() {
      guard let place = places[ExactText(path)],
        first.predictions.labels[row] == second.predictions.labels[place]
      else { return nil }
      labels.append(first.predictions.labels[row])
      one.append(first.predictions.predicted(row))
      other.append(second.predictions.predicted(place))
    }
    let classes = first.predictions.classes.count
    self.first = Answers(classes: classes, labels: labels, predicted: one)
    self.second = Answers(classes: classes, labels: labels, predicted: other)
  }

  var mcNemar: McNemar {
    let right = first.labels.indices.map {
      (first.predicted[$0] == first.labels[$0], second.predicted[$0] == first.labels[$0])
    }
    return McNemar(
      firstAlone: right.count { $0.0 && !$0.1 }, secondAlone: right.count { !$0.0 && $0.1 })
  }
}
