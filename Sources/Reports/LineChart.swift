import Files
import Glibc

/// Curves over a logarithmic axis, as a picture in SVG that needs nothing else.
package struct LineChart {
  package struct Curve {
    package let name: String
    package let points: [(x: Double, y: Double)]
    /// A colour of SVG's.
    package let colour: String
    /// Whether it is a line; else its points are dots.
    package let isLine: Bool

    package init(name: String, points: [(x: Double, y: Double)], colour: String, isLine: Bool) {
      self.name = name
      self.points = points
      self.colour = colour
      self.isLine = isLine
    }
  }

  /// A place on the x axis that is marked by an upright line.
  package struct Mark {
    package let name: String
    package let x: Double
    package let colour: String

    package init(name: String, x: Double, colour: String) {
      self.name = name
      self.x = x
      self.colour = colour
    }
  }

  private static let (width, height) = (720.0, 420.0)
  private static let (left, right, top, bottom) = (64.0, 16.0, 40.0, 48.0)

  private let title: String
  private let xTitle: String
  private let yTitle: String
  private let curves: [Curve]
  private let marks: [Mark]
  private let xRange: ClosedRange<Double>
  private let yRange: ClosedRange<Double>

  /// - Parameters:
  ///   - curves: with positive x.
  ///   - yRange: what is shown; what lies beyond is drawn at its edge.
  package init(
    title: String, xTitle: String, yTitle: String, curves: [Curve], marks: [Mark],
    yRange: ClosedRange<Double>
  ) {
    self.title = title
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.curves = curves
    self.marks = marks
    let x = curves.flatMap { $0.points.map(\.x) }
    let (low, high) = (x.min() ?? 1, x.max() ?? 1)
    xRange = low...max(high, low * 10)
    self.yRange =
      yRange.lowerBound < yRange.upperBound
      ? yRange : (yRange.lowerBound - 1)...(yRange.lowerBound + 1)
  }

  package var svg: String {
    let (width, height) = (Int(Self.width), Int(Self.height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"white\"/>",
      text(title, x: Self.width / 2, y: 20, anchor: "middle", size: 14),
      text(xTitle, x: Self.width / 2, y: Self.height - 10, anchor: "middle"),
      text(yTitle, x: Self.left, y: Self.top - 8, anchor: "end"),
    ]
    lines += grid
    for curve in curves { lines.append(drawing(of: curve)) }
    for (number, mark) in marks.enumerated() {
      let place = x(mark.x)
      lines.append(
        "<line x1=\"\(place)\" y1=\"\(Self.top)\" x2=\"\(place)\" y2=\"\(Self.height - Self.bottom)\" "
          + "stroke=\"\(mark.colour)\" stroke-dasharray=\"4 3\"/>")
      lines.append(
        text(
          mark.name, x: place + 4, y: Self.top + 14 + 16 * Double(number), colour: mark.colour))
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  /// - Throws: `FileError`.
  package func write(to path: String) throws {
    try FileWriting.replace(path, with: Array(svg.utf8))
  }

  /// A line at each power of ten, and at each quarter of the height.
  private var grid: [String] {
    var lines: [String] = []
    let decades = Int(log10(xRange.lowerBound).rounded(.up))...Int(log10(xRange.upperBound))
    for decade in decades {
      let place = x(pow(10, Double(decade)))
      lines.append(
        "<line x1=\"\(place)\" y1=\"\(Self.top)\" x2=\"\(place)\" y2=\"\(Self.height - Self.bottom)\" "
          + "stroke=\"#ddd\"/>")
      lines.append(
        text("1e\(decade)", x: place, y: Self.height - Self.bottom + 16, anchor: "middle"))
    }
    for quarter in 0...4 {
      let value =
        yRange.lowerBound + Double(quarter) / 4 * (yRange.upperBound - yRange.lowerBound)
      let place = y(value)
      lines.append(
        "<line x1=\"\(Self.left)\" y1=\"\(place)\" x2=\"\(Self.width - Self.right)\" y2=\"\(place)\" "
          + "stroke=\"#ddd\"/>")
      lines.append(
        text("\((1000 * value).rounded() / 1000)", x: Self.left - 6, y: place + 4, anchor: "end"))
    }
    return lines
  }

  private func drawing(of curve: Curve) -> String {
    if curve.isLine {
      let points = curve.points.map { "\(x($0.x)),\(y($0.y))" }.joined(separator: " ")
      return "<polyline points=\"\(points)\" fill=\"none\" stroke=\"\(curve.colour)\" "
        + "stroke-width=\"2\"><title>\(HTML.escaped(curve.name))</title></polyline>"
    }
    let dots = curve.points.map { "<circle cx=\"\(x($0.x))\" cy=\"\(y($0.y))\" r=\"1.5\"/>" }
    return
      "<g fill=\"\(curve.colour)\"><title>\(HTML.escaped(curve.name))</title>\(dots.joined())</g>"
  }

  private func text(
    _ text: String, x: Double, y: Double, anchor: String = "start", size: Int = 12,
    colour: String = "#333"
  ) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\" font-size=\"\(size)\" fill=\"\(colour)\">"
      + "\(HTML.escaped(text))</text>"
  }

  /// Pixels, to a tenth.
  private func x(_ value: Double) -> Double {
    let share = log(value / xRange.lowerBound) / log(xRange.upperBound / xRange.lowerBound)
    return rounded(Self.left + share * (Self.width - Self.left - Self.right))
  }

  private func y(_ value: Double) -> Double {
    let value = min(max(value, yRange.lowerBound), yRange.upperBound)
    let share = (value - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)
    return rounded(Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom))
  }

  private func rounded(_ pixels: Double) -> Double { (10 * pixels).rounded() / 10 }
}
