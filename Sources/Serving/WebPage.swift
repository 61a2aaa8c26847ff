import Files
import FoundationEssentials
import NIOHTTP1

/// A page in one file, which asks no other host: the browser runs nothing and styles nothing but what is here, by its
/// digest. Names of photos, classes and folders are put into it as text alone, by the script's `element`.
package struct WebPage: Sendable {
  private let title: String
  private let style: String
  private let body: String
  private let script: String
  /// Where pictures may come from, for its policy.
  private let images: String

  /// - Parameters:
  ///   - style: besides that of all pages: colours, the text, the mark of what has the focus.
  ///   - body: from `<body>` on.
  ///   - script: may call `by(id)` and `element(name, text, class)`.
  package init(
    title: String, style: String, body: String, script: String, images: String = "data:"
  ) {
    self.title = title
    self.style = Self.commonStyle + style
    self.body = body
    self.script = Self.commonScript + script
    self.images = images
  }

  var response: Response {
    Response(
      .ok, type: "text/html; charset=utf-8",
      Array(
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <link rel="icon" href="data:,">
        <style>\(style)</style>
        \(body)
        <script>\(script)</script>
        </html>

        """.utf8),
      headers: [
        (
          "Content-Security-Policy",
          "default-src 'none'; connect-src 'self'; img-src \(images); script-src 'sha256-\(Self.digest(of: script))'; "
            + "style-src 'sha256-\(Self.digest(of: style))'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ), ("Referrer-Policy", "no-referrer"),
      ])
  }

  private static func digest(of text: String) -> String {
    Data(Digest.bytes(of: Array(text.utf8))).base64EncodedString()
  }

  private static let commonStyle = """

    :root { color-scheme: light dark; --text: #1a1c1e; --soft: #55595e; --page: #ffffff; --card: #f3f4f6;
      --line: #767b82; --mark: #0b57a4; --other: #8a4b00; --bad: #a8071a; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #eceef0; --soft: #b4b9bf; --page: #14161a; --card: #20242a; --line: #868c94;
        --mark: #7db8f5; --other: #f0b46a; --bad: #ff9c9c; } }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    body { margin: 0 auto; padding: 1rem; color: var(--text); background: var(--page);
      font: 1rem/1.5 system-ui, sans-serif; }
    :focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }

    """

  private static let commonScript = """

    'use strict';
    const by = id => document.getElementById(id);
    function element(name, text, kind) {
      const made = document.createElement(name);
      if (text !== undefined) made.textContent = text;
      if (kind) made.className = kind;
      return made;
    }

    """
}
