import Evaluation
import Images
import Testing

@testable import Reports

/// What a report is made of: text that stays text, axes, figures with their numbers, and a page that stays small.
@Suite struct PageTests {
  @Test(arguments: [
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("a\" onload='b' & c", "a&quot; onload=&#39;b&#39; &amp; c"),
    ("\u{202E}gpj.\u{2066}exe\u{0}", "\\u{202E}gpj.\\u{2066}exe\\u{0}"),
    ("été 写真 ✓", "été 写真 ✓"),
  ])
  func `texts stay texts`(text: String, expected: String) {
    let piece: HTML = "<td title=\"\(text)\">\(text)</td>"
    #expect(piece.text == "<td title=\"\(expected)\">\(expected)</td>")
    #expect(
      Table(text, headings: [text], rows: [[.text(text)]]).html.text.contains("<script>") == false)
  }

  @Test func `a long text is there to its end, with its lines`() {
    let text = String(repeating: "x<", count: 5000) + "\nend"
    #expect(HTML.lines(text).text == String(repeating: "x&lt;", count: 5000) + "\nend")
  }

  @Test(arguments: [
    ([0.21, 0.93], 0.0...1.0, [0.2, 0.4, 0.6, 0.8, 1.0], ["0.2", "0.4", "0.6", "0.8", "1.0"]),
    (
      [-0.004, 0.011], -1...1, [-0.005, 0, 0.005, 0.01, 0.015],
      ["-0.005", "0.000", "0.005", "0.010", "0.015"]
    ),
    ([3, 3], 0...10, nil, nil),
    ([.nan, 120, 480], 0...1000, [100, 200, 300, 400, 500], ["100", "200", "300", "400", "500"]),
  ])
  func `axes have round ticks`(
    values: [Double], bounds: ClosedRange<Double>, ticks: [Double]?, texts: [String]?
  ) {
    let scale = Scale(of: values, bounds: bounds, from: 100, to: 200)
    if let ticks, let texts {
      #expect(
        zip(scale.ticks, ticks).allSatisfy { abs($0 - $1) < 1e-12 }
          && scale.ticks.count == ticks.count, "\(scale.ticks)")
      #expect(scale.ticks.map(scale.text) == texts)
    }
    let places = values.filter(\.isFinite).map(scale.place)
    #expect(places.allSatisfy { (100...200).contains($0) })
    #expect(places == places.sorted())
    #expect(scale.place(-.infinity) == 100 && scale.place(.infinity) == 200)
  }

  @Test func `a figure has a sentence and its numbers`() {
    let html = Rows.figure(
      "f", title: "F1", description: "Two classes.",
      [Rows.Row("awe", 0.5, interval: Interval(lower: 0.25, upper: 0.75)), Rows.Row("joy", 1 / 3)],
      as: .bars, names: ["F1"], bounds: 0...1
    ) { "\(Int(100 * $0))" }.html.text
    #expect(html.contains("role=\"img\" aria-labelledby=\"f-t f-d\""))
    #expect(html.contains("<desc id=\"f-d\">Two classes.</desc>"))
    #expect(html.contains("data-value=\"0.3333333333333333\">33</td>"))
    #expect(html.contains("data-value=\"0.25\"") && html.contains("data-value=\"0.75\""))
  }

  @Test func `fifty classes and twenty thousand photos stay below 8 MB`() throws {
    let photos = try manyPhotos(20_000, classes: 50)
    let shown = ShownPhotos(photos)
    #expect(shown.mistakes.count == 24 && shown.rows.count <= 264)
    let losses = shown.mistakes.map { photos.predictions.losses[$0] }
    #expect(losses == losses.sorted(by: >))
    // As hard to compress as photos come.
    let noise = Image(
      height: 200, width: 200, channels: 3,
      pixels: (0..<120_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) })
    let thumbnail = try Thumbnail(noise, side: 120)
    let grid = PhotoGrid(
      photos, thumbnails: Dictionary(uniqueKeysWithValues: shown.rows.map { ($0, thumbnail) }),
      heatMaps: [:]
    ) { "\($0)" }
    let matrix = try #require(photos.predictions.scores.matrix)
    let table = ConfusionTable(matrix, photos, shown, grid) { "\($0)" }
    let page = ReportPage(
      title: "t", subtitle: "s",
      sections: [
        .init("confusion", "c", table.html), .init("mistakes", "m", grid.html(shown.mistakes)),
      ]
    ).html
    #expect(page.utf8.count < 8_000_000, "\(page.utf8.count)")
    // Every cell is a link to photos that are there.
    let cells = page.matches(of: /href="#(cell-\d+-\d+)"/).map { String($0.1) }
    #expect(cells.count == matrix.triples.count)
    for cell in cells.prefix(50) { #expect(page.contains("id=\"\(cell)\"")) }
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("<script"))
  }

  private func manyPhotos(_ count: Int, classes: Int) throws -> LabelledPhotos {
    var predictions = Predictions(classes: (0..<classes).map { "class \($0)" })
    for photo in 0..<count {
      let label = photo % classes
      // Two of three are recognised.
      let told = photo % 3 == 0 ? (photo * 7919) % classes : label
      var probabilities = [Double](repeating: 0.4 / Double(classes - 1), count: classes)
      probabilities[told] = 0.6 + 0.3 * Double(photo % 101) / 101
      let sum = probabilities.reduce(0, +)
      predictions.append(
        sample: photo, labels: [label], probabilities: probabilities.map { $0 / sum })
    }
    return LabelledPhotos(
      predictions, paths: (0..<count).map { "train/class-\($0 % classes)/photo-\($0).jpg" })
  }
}
