/// Curves over epochs.
package struct Curves {
  package struct Curve: Sendable {
    package let name: String
    /// What the legend calls curves of its colour.
    package let kind: String
    package let points: [(x: Double, y: Double)]
    /// Of the page's colours, whose lines also differ in their dashes.
    package let colour: Int
    /// One of many.
    package let isThin: Bool

    /// - Parameter kind: nil for its name.
    package init(
      name: String, kind: String? = nil, points: [(x: Double, y: Double)], colour: Int,
      isThin: Bool = false
    ) {
      self.name = name
      self.kind = kind ?? name
      self.points = points
      self.colour = colour
      self.isThin = isThin
    }
  }

  private static let (width, height) = (460.0, 300.0)
  private static let (left, right, top, bottom) = (48.0, 12.0, 50.0, 40.0)

  /// - Parameters:
  ///   - curves: of the same x.
  ///   - mark: an x that is marked, with a word for it.
  ///   - bounds: which y the axis may not go beyond.
  ///   - text: how a y is written in the table.
  package static func figure(
    _ id: String, title: String, description: String, xTitle: String, curves all: [Curve],
    mark: (x: Double, name: String)? = nil, bounds: ClosedRange<Double>? = nil,
    text: (Double) -> String
  ) -> Figure {
    let curves = all.filter { !$0.points.isEmpty }
    let points = curves.flatMap(\.points)
    let x = Scale(of: points.map(\.x), isTight: true, from: left, to: width - right, ticks: 6)
    let y = Scale(
      of: points.map(\.y), bounds: bounds, from: height - bottom, to: top)
    var drawing: [HTML] = y.ticks.map { tick in
      Figure.line(left, y.place(tick), width - right, y.place(tick), "grid")
        + Figure.text(y.text(tick), x: left - 6, y: y.place(tick) + 4, anchor: "end", soft: true)
    }
    for tick in x.ticks where abs(tick - tick.rounded()) < 1e-6 {
      drawing.append(
        Figure.text(
          "\(Int(tick.rounded()))", x: x.place(tick), y: height - bottom + 17, anchor: "middle",
          soft: true))
    }
    drawing.append(
      Figure.text(
        xTitle, x: (left + width - right) / 2, y: height - 6, anchor: "middle", soft: true))
    if let mark {
      let place = x.place(mark.x)
      let isLate = place > width / 2
      drawing.append(Figure.line(place, top, place, height - bottom, "mark"))
      drawing.append(
        Figure.text(
          mark.name, x: place + (isLate ? -5 : 5), y: height - bottom - 6,
          anchor: isLate ? "end" : "start", soft: true))
    }
    for curve in curves { drawing.append(Self.drawing(curve, x, y)) }
    drawing += legend(curves)
    return Figure(
      id, title: title, description: description, width: width, height: height,
      drawing: HTML(drawing), table: table(title, xTitle, curves, text))
  }

  private static func drawing(_ curve: Curve, _ x: Scale, _ y: Scale) -> HTML {
    let points = curve.points.filter { $0.y.isFinite }
    let places = points.map { "\(x.place($0.x)),\(y.place($0.y))" as HTML }
    let colour = Figure.colour(curve.colour)
    let line: HTML = """
      <polyline points="\(HTML(places, separator: " "))" class="l\(colour)\(curve.isThin ? " thin" as HTML : "")"/>

      """
    // A line of one point isn't to be seen.
    return points.count > 1
      ? line
      : line
        + HTML(
          points.map {
            "<circle cx=\"\(x.place($0.x))\" cy=\"\(y.place($0.y))\" r=\"3.5\" class=\"f\(colour)\"/>"
          })
  }

  /// Names beside pieces of their lines.
  private static func legend(_ curves: [Curve]) -> [HTML] {
    var (place, row, seen) = (left, 14.0, Set<Int>())
    var drawing: [HTML] = []
    for curve in curves where seen.insert(curve.colour).inserted {
      let wide = 32 + Figure.width(of: curve.kind)
      if place > left, place + wide > width { (place, row) = (left, row + 20) }
      drawing.append(Figure.line(place, row, place + 26, row, "l\(Figure.colour(curve.colour))"))
      drawing.append(Figure.text(curve.kind, x: place + 32, y: row + 4))
      place += wide + 16
    }
    return drawing
  }

  private static func table(
    _ caption: String, _ xTitle: String, _ curves: [Curve], _ text: (Double) -> String
  ) -> Table {
    let values = curves.map { curve in
      Dictionary(curve.points.map { ($0.x, $0.y) }, uniquingKeysWith: { $1 })
    }
    let rows = Set(curves.flatMap { $0.points.map(\.x) }).sorted()
    return Table(
      caption, headings: [xTitle] + curves.map(\.name),
      rows: rows.map { x in
        [.text("\(Int(x))")]
          + values.map { $0[x].map { .number($0, shown: text($0)) } ?? .text("–") }
      })
  }
}
