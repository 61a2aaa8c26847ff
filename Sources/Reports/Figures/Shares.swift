/// What a whole is made of: one bar, and names with their shares below it.
package enum Shares {
  private static let (width, left) = (460.0, 4.0)

  /// - Parameters:
  ///   - parts: of a whole of 1, in the order in which they are drawn.
  ///   - text: how a share is written.
  package static func figure(
    _ id: String, title: String, description: String, _ parts: [(name: String, share: Double)],
    text: (Double) -> String
  ) -> Figure {
    let whole = width - 2 * left
    var (place, drawing) = (left, [HTML]())
    for (index, part) in parts.enumerated() {
      let wide = max(0, part.share) * whole
      let style = Self.style(index)
      drawing.append(
        "<rect x=\"\(place)\" y=\"6\" width=\"\(wide)\" height=\"26\" class=\"\(style)\"/>\n")
      let y = 58 + 22 * Double(index)
      drawing.append(
        "<rect x=\"\(left)\" y=\"\(y - 11)\" width=\"12\" height=\"12\" class=\"\(style)\"/>\n")
      drawing.append(Figure.text(part.name, x: left + 20, y: y))
      drawing.append(Figure.text(text(part.share), x: width - left, y: y, anchor: "end"))
      place += wide
    }
    return Figure(
      id, title: title, description: description, width: width,
      height: 48 + 22 * Double(parts.count), drawing: HTML(drawing),
      table: Table(
        title, headings: ["part", "share"],
        rows: parts.map { [.text($0.name), .number($0.share, shown: text($0.share))] }))
  }

  /// Four colours, each full and pale.
  private static func style(_ index: Int) -> HTML {
    "f\(Figure.colour(index))\(index >= 4 ? " faint" as HTML : "")"
  }
}
