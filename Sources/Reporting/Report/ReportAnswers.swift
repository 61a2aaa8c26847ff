package import Evaluation
package import Reports

/// What a model said of photos with one label each, as far as a report shows it: scores with their intervals, and pictures.
package struct ReportAnswers {
  package let photos: LabelledPhotos
  /// With intervals of each class.
  let scores: Scores
  let shown: ShownPhotos
  /// Which photos they are: `341 validation photos, which also chose the epoch`.
  let description: String
  private let groups: PhotoGroups?
  private let thumbnails: [Int: Thumbnail]
  private let heatMaps: [Int: Thumbnail]

  /// - Parameters:
  ///   - shown: the photos that are to be seen.
  ///   - thumbnails: of the rows of these that can be read.
  ///   - heatMaps: where the model looks, of some of them.
  package init(
    _ photos: LabelledPhotos, _ shown: ShownPhotos, of description: String,
    thumbnails: [Int: Thumbnail], heatMaps: [Int: Thumbnail]
  ) {
    self.photos = photos
    self.shown = shown
    self.description = description
    self.thumbnails = thumbnails
    self.heatMaps = heatMaps
    groups = photos.groups.map { PhotoGroups($0) }
    scores = Scores.withIntervals(of: photos.predictions, groups: groups)
  }

  func intervals(of metrics: [Metric]) -> [Interval?] {
    photos.predictions.intervals(of: metrics, groups: groups)
  }

  var grid: PhotoGrid {
    PhotoGrid(photos, thumbnails: thumbnails, heatMaps: heatMaps, share: NumberText.percent)
  }

  /// The sections that are about photos.
  var sections: [ReportPage.Section] {
    [classes, confusion, mistakes].compactMap(\.self) + [reliability].compactMap(\.self)
  }

  private var classes: ReportPage.Section? {
    let rows = scores.perClass.map { score in
      Rows.Row(
        score.name, score.f1, interval: score.intervals?.f1,
        others: [
          .number(score.precision, shown: NumberText.fixed(score.precision, 3)),
          .number(score.recall, shown: NumberText.fixed(score.recall, 3)),
          .number(Double(score.support), shown: "\(score.support)"),
        ])
    }
    guard let worst = scores.perClass.filter({ $0.support > 0 }).min(by: { $0.f1 < $1.f1 }) else {
      return nil
    }
    let figure = Rows.figure(
      "classes-f1", title: "F1 of each class, with its 95 % interval",
      description:
        "\(scores.perClass.count) classes; the lowest F1 is \(NumberText.fixed(worst.f1, 3)), of \(worst.name).",
      rows, as: .bars, names: ["F1"], others: ["precision", "recall", "photos"], bounds: 0...1
    ) { NumberText.fixed($0, 3) }
    return ReportPage.Section("classes", "Classes", figure.html)
  }

  private var confusion: ReportPage.Section? {
    scores.matrix.map {
      ReportPage.Section(
        "confusion", "Who is taken for whom",
        ConfusionTable($0, photos, shown, grid) { NumberText.fixed(100 * $0, 0) + " %" }.html)
    }
  }

  private var mistakes: ReportPage.Section? {
    if shown.mistakes.isEmpty { return nil }
    let maps =
      heatMaps.isEmpty
      ? "" : " Beside a photo, where the model looks for what it says (Grad-CAM): bright is where."
    return ReportPage.Section(
      "mistakes", "The worst mistakes",
      "<p>Those first of which the model was surest. Some are wrong labels: <code>tutti data doubts</code> finds more.\(maps)</p>\n\(grid.html(shown.mistakes, isLarge: true))"
    )
  }

  private var reliability: ReportPage.Section? {
    guard let calibration = scores.calibration else { return nil }
    let error = NumberText.fixed(scores[.calibrationError], 3)
    let figure = Reliability.figure(
      "reliability-bins", title: "Right, by how sure the model was",
      description:
        "On the dashed line, photos are right as often as the model says. The expected calibration error is \(error).",
      calibration, share: NumberText.percent)
    return ReportPage.Section(
      "reliability", "How far probabilities can be trusted",
      "<p>Expected calibration error \(error): by so much, weighted by photos, the bars miss the line.</p>\n\(figure.html)"
    )
  }
}
