import Files
import FoundationEssentials
package import Images

/// A page in HTML that needs nothing else: a heading, and a table of photos with what is said of them. The
/// pictures are inside it.
package struct PhotoPage {
  package enum Cell {
    case picture(Image)
    /// As a JPEG, which takes a tenth of the bytes.
    case photo(Image)
    case text(String)
    /// HTML as it is.
    case html(String)
  }

  private static let quality = 85
  private var html: String

  /// - Parameters:
  ///   - introduction: HTML under the heading.
  ///   - columns: their headings; none for no such line.
  package init(title: String, introduction: String, columns: [String] = []) {
    html = """
      <!doctype html><meta charset="utf-8"><title>\(HTML.escaped(title))</title>
      <style>body{font:14px sans-serif}td,th{vertical-align:top;text-align:left;padding:4px}</style>
      <h1>\(HTML.escaped(title))</h1>
      \(introduction)
      <table>

      """
    if !columns.isEmpty {
      html += "<tr>" + columns.map { "<th>\(HTML.escaped($0))</th>" }.joined() + "</tr>\n"
    }
  }

  private mutating func show(_ file: [UInt8], as format: String) {
    html += "<img src=\"data:image/\(format);base64,\(Data(file).base64EncodedString())\">"
  }

  /// - Throws: `PNGError`, `JPEGError`.
  package mutating func append(_ cells: [Cell]) throws {
    html += "<tr>"
    for cell in cells {
      html += "<td>"
      switch cell {
      case .picture(let image): show(try image.png(), as: "png")
      case .photo(let image): show(try image.jpeg(quality: Self.quality), as: "jpeg")
      case .text(let text): html += HTML.escaped(text)
      case .html(let text): html += text
      }
      html += "</td>"
    }
    html += "</tr>\n"
  }

  /// - Throws: `FileError`.
  package func write(to path: String) throws {
    try FileWriting.replace(path, with: Array((html + "</table>\n").utf8))
  }
}
