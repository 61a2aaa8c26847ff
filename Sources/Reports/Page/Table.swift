/// Rows of cells under headings, for a page.
package struct Table: Sendable {
  package enum Cell: Sendable {
    case text(String)
    /// A number as it is shown, with all its digits in `data-value`.
    case number(Double, shown: String)
    case html(HTML)
  }

  private let caption: String
  private let headings: [String]
  private let rows: [[Cell]]

  /// - Parameter rows: each with a cell for each heading; the first tells what it is about.
  package init(_ caption: String, headings: [String], rows: [[Cell]]) {
    self.caption = caption
    self.headings = headings
    self.rows = rows
  }

  package var html: HTML {
    let head = headings.map { "<th scope=\"col\">\($0)</th>" as HTML }
    let body = rows.map { row in
      "<tr>\(row.enumerated().map { $0 == 0 ? Self.heading($1) : Self.cell($1) })</tr>\n" as HTML
    }
    return """
      <div class="wide" role="region" aria-label="\(caption)" tabindex="0"><table>
      <caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody></table></div>

      """
  }

  private static func heading(_ cell: Cell) -> HTML {
    "<th scope=\"row\">\(content(cell))</th>"
  }

  private static func cell(_ cell: Cell) -> HTML {
    if case .number(let value, let shown) = cell {
      return "<td class=\"n\" data-value=\"\(exactly: value)\">\(shown)</td>"
    }
    return "<td>\(content(cell))</td>"
  }

  private static func content(_ cell: Cell) -> HTML {
    switch cell {
    case .text(let text): "<bdi>\(text)</bdi>"
    case .number(_, let shown): "\(shown)"
    case .html(let html): html
    }
  }
}
