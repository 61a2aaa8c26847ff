import Foundation
import NIOHTTP1
import Recipes
import Testing

@testable import Serving

@Suite struct PageTests {
  private static let page = String(decoding: Page.response.body, as: UTF8.self)

  /// By the formula of WCAG 2.
  private static func luminance(_ colour: Substring) -> Double {
    let numbers = stride(from: 0, to: 6, by: 2).map { place in
      let start = colour.index(colour.startIndex, offsetBy: place)
      let value = Double(Int(colour[start...].prefix(2), radix: 16) ?? 0) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * numbers[0] + 0.7152 * numbers[1] + 0.0722 * numbers[2]
  }

  @Test func `texts stand out from what is behind them, in light and dark`() throws {
    let themes = Self.page.matches(of: /:root \{([^}]*)\}/).map { theme in
      Dictionary(
        uniqueKeysWithValues: theme.output.1.matches(of: /--(\w+): #([0-9a-f]{6})/).map {
          (String($0.output.1), Self.luminance($0.output.2))
        })
    }
    #expect(themes.count == 2)
    for theme in themes {
      func contrast(_ one: String, _ other: String) throws -> Double {
        let values = [try #require(theme[one]), try #require(theme[other])].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
      }
      for behind in ["page", "card"] {
        for text in ["text", "soft", "bad"] { #expect(try contrast(text, behind) >= 4.5) }
        for shape in ["mark", "line"] { #expect(try contrast(shape, behind) >= 3) }
      }
    }
  }

  @Test func `the page asks no other host, and puts names into itself as text`() throws {
    #expect(!Self.page.contains("//"), "no address, and no comment that may hide one")
    #expect(!Self.page.contains("innerHTML") && !Self.page.contains("outerHTML"))
    #expect(Self.page.matches(of: /<script>/).count == 1)
    let policy = try #require(
      Page.response.headers.first { $0.name == "Content-Security-Policy" }?.value)
    #expect(policy.hasPrefix("default-src 'none'; ") && !policy.contains("unsafe"))
  }

  @Test func `every control has a label`() throws {
    let controls = Self.page.matches(of: /<(?:input|select) id="(\w+)"/)
    #expect(controls.count == 4)
    for control in controls {
      let before = Self.page[..<control.range.lowerBound]
      let opened = try #require(before.ranges(of: "<label").last)
      let isInside = before.ranges(of: "</label>").last.map { $0.lowerBound < opened.lowerBound }
      #expect(isInside != false || before.contains("<label for=\"\(control.output.1)\">"))
    }
  }

  @Test func `the description for programs has the paths, codes and views that there are`() throws {
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(OpenAPI.response.body)) as? [String: Any])
    let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
    #expect(
      paths.mapValues { Array($0.keys) } == [
        "/predict": ["post"], "/health": ["get"], "/metrics": ["get"],
      ])
    for (path, methods) in paths {
      for method in methods.keys {
        let head = HTTPRequestHead(
          version: .http1_1, method: HTTPMethod(rawValue: method.uppercased()), uri: path)
        #expect(throws: Never.self) { try Endpoint(head, viewNames: []) }
      }
    }
    let text = String(decoding: OpenAPI.response.body, as: UTF8.self)
    let views = TestTimeViews.names.map { "\"\($0)\"" }.joined(separator: ", ")
    #expect(text.contains("\"enum\": [\(views)]"))
    for name in TestTimeViews.names { #expect(Self.page.contains("<option>\(name)</option>")) }
  }
}
