/// A drawing in SVG with a sentence that says what it shows, and its numbers in a table behind it: for screen readers, and
/// to be copied.
package struct Figure: Sendable {
  private let id: String
  private let title: String
  private let description: String
  private let width: Double
  private let height: Double
  private let drawing: HTML
  private let table: Table

  /// - Parameters:
  ///   - id: unlike all others of the page.
  ///   - description: what is to be seen, for those who can't see it.
  ///   - drawing: what stands inside `svg`, in units of a pixel each.
  init(
    _ id: String, title: String, description: String, width: Double, height: Double,
    drawing: HTML, table: Table
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.width = width
    self.height = height
    self.drawing = drawing
    self.table = table
  }

  package var html: HTML {
    """
    <figure id="\(id)"><figcaption><b>\(title)</b></figcaption>
    <svg viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="\(id)-t \(id)-d">\
    <title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(description)</desc>
    \(drawing)
    </svg>
    <details><summary>The numbers</summary>\(table.html)</details></figure>

    """
  }

  /// A colour of the page by its place; there are four.
  static func colour(_ place: Int) -> HTML { ["a", "b", "c", "d"][place % 4] }

  static func text(
    _ text: String, x: Double, y: Double, anchor: HTML = "start", soft: Bool = false
  ) -> HTML {
    """
    <text x="\(x)" y="\(y)" text-anchor="\(anchor)"\(soft ? " class=\"soft\"" as HTML : "")>\(text)</text>

    """
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: HTML
  ) -> HTML {
    """
    <line x1="\(x1)" y1="\(y1)" x2="\(x2)" y2="\(y2)" class="\(style)"/>

    """
  }

  /// What fits beside a drawing; the table has all of it.
  static func short(_ text: String, atMost count: Int = 26) -> String {
    text.count > count ? text.prefix(count - 1) + "…" : text
  }

  /// About how wide a text is drawn, in pixels.
  static func width(of text: String) -> Double { 7.2 * Double(text.count) }
}
