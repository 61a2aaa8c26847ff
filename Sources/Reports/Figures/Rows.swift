package import Evaluation

/// Numbers of named things, one below the other on one axis: as bars from 0, or as dots with their intervals.
package struct Rows {
  package struct Row: Sendable {
    package let name: String
    package let value: Double
    package let interval: Interval?
    /// Of the same thing, drawn below the first.
    package let second: Double?
    /// What the table has besides.
    package let others: [Table.Cell]

    package init(
      _ name: String, _ value: Double, interval: Interval? = nil, second: Double? = nil,
      others: [Table.Cell] = []
    ) {
      self.name = name
      self.value = value
      self.interval = interval
      self.second = second
      self.others = others
    }
  }

  package enum Style: Sendable { case bars, dots }

  private static let width = 460.0
  private static let (right, top, bottom) = (64.0, 26.0, 24.0)

  /// - Parameters:
  ///   - names: of the first and the second number of a row.
  ///   - others: headings of what the rows have besides for the table.
  ///   - bounds: what the axis may not go beyond.
  ///   - zero: a number that is marked: what a difference is held against.
  ///   - text: how a number is written.
  package static func figure(
    _ id: String, title: String, description: String, _ rows: [Row], as style: Style,
    names: [String], others: [String] = [], bounds: ClosedRange<Double>? = nil,
    zero: Double? = nil, text: (Double) -> String
  ) -> Figure {
    let hasSecond = rows.contains { $0.second != nil }
    let pitch = hasSecond ? 34.0 : 22.0
    let left = min(190, 14 + (rows.map { Figure.width(of: Figure.short($0.name)) }.max() ?? 0))
    let height = top + pitch * Double(rows.count) + bottom
    let numbers = rows.flatMap { row in
      [row.value, row.second, row.interval?.lower, row.interval?.upper].compactMap(\.self)
    }
    let scale = Scale(
      of: numbers, bounds: bounds,
      including: (style == .bars ? [0] : []) + [zero].compactMap(\.self),
      from: left, to: width - right, ticks: 4)
    var drawing: [HTML] = scale.ticks.map { tick in
      Figure.line(scale.place(tick), top, scale.place(tick), height - bottom, "grid")
        + Figure.text(
          scale.text(tick), x: scale.place(tick), y: height - 7, anchor: "middle", soft: true)
    }
    if let zero {
      drawing.append(
        Figure.line(scale.place(zero), top, scale.place(zero), height - bottom, "axis"))
    }
    if hasSecond { drawing += legend(names, left) }
    for (place, row) in rows.enumerated() {
      let middle = top + pitch * (Double(place) + 0.5)
      drawing.append(
        Figure.text(Figure.short(row.name), x: left - 8, y: middle + 4, anchor: "end"))
      drawing.append(Self.drawing(row, style, at: middle, hasSecond, scale))
      drawing.append(
        Figure.text(text(row.value), x: width, y: middle + 4, anchor: "end", soft: true))
    }
    return Figure(
      id, title: title, description: description, width: width, height: height,
      drawing: HTML(drawing), table: table(title, rows, names, others, text))
  }

  private static func drawing(
    _ row: Row, _ style: Style, at middle: Double, _ hasSecond: Bool, _ scale: Scale
  ) -> HTML {
    func bar(_ value: Double, _ y: Double, _ colour: HTML) -> HTML {
      let (from, to) = (scale.place(max(0, scale.lower)), scale.place(value))
      return """
        <rect x="\(min(from, to))" y="\(y - 6)" width="\(max(abs(to - from), 0.5))" height="12" rx="2" class="f\(colour)"/>

        """
    }
    func dot(_ value: Double, _ y: Double, _ colour: HTML) -> HTML {
      "<circle cx=\"\(scale.place(value))\" cy=\"\(y)\" r=\"4.5\" class=\"f\(colour)\"/>\n"
    }
    let mark = style == .bars ? bar : dot
    var (first, second) = (middle, middle)
    if hasSecond { (first, second) = (middle - 7, middle + 7) }
    var drawing = row.value.isFinite ? mark(row.value, first, style == .bars ? "a faint" : "a") : ""
    if let value = row.second { drawing = drawing + mark(value, second, "b") }
    if let interval = row.interval {
      let (from, to) = (scale.place(interval.lower), scale.place(interval.upper))
      drawing =
        Figure.line(from, first, to, first, "ci")
        + Figure.line(from, first - 4, from, first + 4, "ci")
        + Figure.line(to, first - 4, to, first + 4, "ci") + drawing
      // Bars would hide it.
      if style == .bars {
        drawing = drawing + Figure.line(from, first, to, first, "ci")
      }
    }
    return drawing
  }

  private static func legend(_ names: [String], _ left: Double) -> [HTML] {
    var place = left
    return names.prefix(2).enumerated().flatMap { index, name -> [HTML] in
      let pieces: [HTML] = [
        "<rect x=\"\(place)\" y=\"5\" width=\"12\" height=\"12\" rx=\"2\" class=\"f\(index == 0 ? "a faint" as HTML : "b")\"/>\n",
        Figure.text(name, x: place + 18, y: 16),
      ]
      place += 18 + Figure.width(of: name) + 18
      return pieces
    }
  }

  private static func table(
    _ caption: String, _ rows: [Row], _ names: [String], _ others: [String],
    _ text: (Double) -> String
  ) -> Table {
    let hasIntervals = rows.contains { $0.interval != nil }
    let hasSecond = rows.contains { $0.second != nil }
    return Table(
      caption,
      headings: [""] + names.prefix(1) + (hasIntervals ? ["95 % from", "to"] : [])
        + (hasSecond ? Array(names.dropFirst().prefix(1)) : []) + others,
      rows: rows.map { row in
        func cell(_ value: Double?) -> Table.Cell {
          value.map { .number($0, shown: text($0)) } ?? .text("–")
        }
        return [.text(row.name), cell(row.value)]
          + (hasIntervals ? [cell(row.interval?.lower), cell(row.interval?.upper)] : [])
          + (hasSecond ? [cell(row.second)] : []) + row.others
      })
  }
}
