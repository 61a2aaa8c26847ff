import Files
import Glibc

/// A picture of curves in letters: cells in a frame, with values at its left and below it.
struct TextPlot {
  /// What cells are drawn with.
  enum Script {
    /// Unicode's braille patterns: two dots across and four down in each cell.
    case braille
    /// A letter a cell, which every terminal has.
    case ascii
  }

  let columns: Int
  let rows: Int
  private let x: ClosedRange<Double>
  private let y: ClosedRange<Double>
  private let script: Script
  private var cells: [[Unicode.Scalar]]

  /// - Parameters:
  ///   - x: the values at the left and the right end.
  ///   - y: those at the bottom and the top.
  init(
    columns: Int, rows: Int, x: ClosedRange<Double>, y: ClosedRange<Double>, script: Script
  ) {
    (self.columns, self.rows, self.x, self.y) = (columns, rows, x, y)
    self.script = script
    cells = [[Unicode.Scalar]](
      repeating: [Unicode.Scalar](repeating: " ", count: columns), count: rows)
  }

  /// Dots in a cell.
  private var across: Int { script == .braille ? 2 : 1 }
  private var down: Int { script == .braille ? 4 : 1 }

  /// A point; what lies above is drawn at the top.
  ///
  /// - Parameter letter: what it is where letters are drawn.
  mutating func mark(_ x: Double, _ y: Double, letter: Unicode.Scalar) {
    if y.isFinite { set(place(x, y), letter) }
  }

  /// Lines from each point to the next. A value that is no number ends a line.
  ///
  /// - Parameter spacing: which of the dots are drawn: each, each third, …
  mutating func draw(
    _ points: [(x: Double, y: Double)], letter: Unicode.Scalar, spacing: Int = 1
  ) {
    var last: (x: Int, y: Int)?
    var count = 0
    for point in points {
      guard point.y.isFinite else {
        last = nil
        continue
      }
      let next = place(point.x, point.y)
      let start = last ?? next
      let length = max(abs(next.x - start.x), abs(next.y - start.y))
      for step in (last == nil ? 0 : 1)...max(length, last == nil ? 0 : 1) {
        let share = length == 0 ? 0 : Double(step) / Double(length)
        if count % spacing == 0 {
          set(
            (
              start.x + Int((share * Double(next.x - start.x)).rounded()),
              start.y + Int((share * Double(next.y - start.y)).rounded())
            ), letter)
        }
        count += 1
      }
      last = next
    }
  }

  /// In dots, from the left and from above.
  private func place(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      let length = max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
      return min(max((value - range.lowerBound) / length, 0), 1)
    }
    // What is a whole dot stays one after a division's last bit.
    return (
      Int(share(x, self.x) * Double(across * columns - 1) + 1e-9),
      Int((Double(down * rows - 1) * (1 - share(y, self.y))).rounded())
    )
  }

  private mutating func set(_ dot: (x: Int, y: Int), _ letter: Unicode.Scalar) {
    let (row, column) = (dot.y / down, dot.x / across)
    guard script == .braille else {
      cells[row][column] = letter
      return
    }
    // Dots 1 to 3 and 7 of the left column, then 4 to 6 and 8 of the right one.
    let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    let old = cells[row][column].value
    let pattern = (old >= 0x2800 ? old - 0x2800 : 0) | bits[dot.x % 2][dot.y % 4]
    cells[row][column] = Unicode.Scalar(0x2800 + pattern) ?? " "
  }

  /// The values at the left, one for each row; none at most of them.
  var labels: [String] {
    (0..<rows).map { row in
      row % 4 == 0 || row == rows - 1
        ? NumberText.short(
          y.upperBound - (y.upperBound - y.lowerBound) * Double(row) / Double(max(rows - 1, 1)))
        : ""
    }
  }

  /// Characters to the left of the cells, of a plot with these values.
  static func margin(_ labels: [String]) -> Int { (labels.map(\.count).max() ?? 0) + 5 }

  /// The plot's lines: the rows, the axis, perhaps what is marked on it, and its ends.
  ///
  /// - Parameters:
  ///   - mark: a place on the axis, and what is to be said of it; nil for no such line.
  ///   - ends: what is said of the left and the right end of the axis.
  func lines(mark: (x: Double, text: String)?, ends: (String, String)) -> [String] {
    let (side, corner, floor, arrow) =
      script == .braille ? ("│", "└─", "─", "▲") : ("|", "+-", "-", "^")
    let margin = Self.margin(labels) - 3
    func padded(_ label: String) -> String {
      String(repeating: " ", count: margin - label.count) + label
    }
    var lines = zip(labels, cells).map { label, cells in
      var row = String.UnicodeScalarView()
      row.append(contentsOf: cells)
      return "\(padded(label)) \(side) \(String(row))"
    }
    let indent = padded("") + "   "
    lines.append("\(padded("")) \(corner)" + String(repeating: floor, count: columns))
    if let mark {
      let place = place(mark.x, y.lowerBound).x / across
      let fits = place + 2 + mark.text.count <= columns
      let text = fits ? "\(arrow) \(mark.text)" : "\(mark.text) \(arrow)"
      let before = fits ? place : max(0, place + 1 - text.count)
      lines.append(indent + String(repeating: " ", count: before) + text)
    }
    let gap = max(1, columns - ends.0.count - ends.1.count)
    lines.append(indent + ends.0 + String(repeating: " ", count: gap) + ends.1)
    return lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension TextPlot.Script {
  /// What this process's terminal is likely to show: braille needs a locale in UTF-8, and the kernel's own
  /// consoles have no such letters.
  static var ofTerminal: Self {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let locale = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? ""
    let isUnicode = locale.lowercased().filter { $0 != "-" }.hasSuffix("utf8")
    return isUnicode && variable("TERM") != "linux" ? .braille : .ascii
  }
}
