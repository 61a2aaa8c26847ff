import Files

/// Rows of cells as lines of text.
package enum TextTable {
  /// Bytes of a cell; a longer one loses its middle.
  private static let longestCell = 200

  /// Columns two spaces apart, with a newline at the end of each row. All rows have as many cells, which
  /// are made harmless: names of photos and classes are among them.
  ///
  /// - Parameter textColumns: those that begin at the left; the others, of numbers, end at the right.
  package static func aligned(_ rows: [[String]], textColumns: Set<Int> = [0]) -> String {
    let rows = rows.map { $0.map { $0.harmless(atMost: longestCell) } }
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = columns.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return textColumns.contains(column) ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
