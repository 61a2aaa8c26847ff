import Files
import FoundationEssentials

/// The page of `tutti watch --port`: it asks for `status.json` again and again, and shows what that says. All of it is in
/// one file, which asks no other host; names of photos, classes and folders are put into it as text alone.
package enum WatchPage {
  /// - Parameter seconds: from one question to the next.
  package static func html(every seconds: Double) -> String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>tutti watch</title>
    <link rel="icon" href="data:,">
    <style>\(style)</style>
    <body data-milliseconds="\(Int(1000 * seconds))">
    <h1 id="path">tutti watch</h1>
    <p id="state" role="status"></p>
    <div id="bar" role="progressbar" aria-label="Steps taken" aria-valuemin="0" aria-valuemax="100"><div></div></div>
    <ul id="warnings" aria-label="Warnings"></ul>
    <main>
    <dl id="facts"></dl>
    <p id="choice" hidden><label>curves of <select id="part"></select></label></p>
    <div id="curves"></div>
    <div id="parts" class="wide"></div>
    </main>
    <script>\(script)</script>
    </html>

    """
  }

  /// What a browser is to be told that shows it: it runs nothing and styles nothing but what is here, by its digest.
  package static let policy =
    "default-src 'none'; connect-src 'self'; img-src data:; script-src 'sha256-\(digest(of: script))'; "
    + "style-src 'sha256-\(digest(of: style))'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  private static func digest(of text: String) -> String {
    Data(Digest.bytes(of: Array(text.utf8))).base64EncodedString()
  }

  private static let style = """

    :root { color-scheme: light dark; --text: #1a1c1e; --soft: #55595e; --page: #ffffff; --card: #f3f4f6;
      --line: #767b82; --mark: #0b57a4; --other: #8a4b00; --bad: #a8071a; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #eceef0; --soft: #b4b9bf; --page: #14161a; --card: #20242a; --line: #868c94;
        --mark: #7db8f5; --other: #f0b46a; --bad: #ff9c9c; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 70rem; padding: 1rem; color: var(--text); background: var(--page);
      font: 1rem/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.3rem; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1rem; margin: 0 0 .25rem; }
    #state { margin: .25rem 0 .75rem; }
    #bar { border: 1px solid var(--line); border-radius: .25rem; height: .9rem; }
    #bar div { background: var(--mark); height: 100%; width: 0; }
    #warnings { color: var(--bad); padding-left: 1.2rem; }
    #warnings:empty { display: none; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
    dt { color: var(--soft); }
    dd { margin: 0; overflow-wrap: anywhere; }
    #curves { display: flex; flex-wrap: wrap; gap: 1rem; }
    section { background: var(--card); border-radius: .5rem; padding: .75rem; flex: 1 1 20rem; min-width: 0; }
    svg { display: block; width: 100%; height: auto; }
    svg text { fill: var(--text); font-size: 13px; }
    .axis { stroke: var(--line); fill: none; }
    .first { stroke: var(--mark); fill: none; stroke-width: 2; }
    .second { stroke: var(--other); fill: none; stroke-width: 2; stroke-dasharray: 5 4; }
    .chosen { stroke: var(--text); stroke-dasharray: 2 3; }
    .wide { overflow-x: auto; margin-top: 1rem; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--soft); }
    th, td { text-align: right; padding: .15rem .75rem .15rem 0; font-weight: normal; white-space: nowrap; }
    thead th { color: var(--soft); border-bottom: 1px solid var(--line); }
    th:first-child, .text { text-align: left; }
    td.text { white-space: normal; min-width: 8rem; overflow-wrap: anywhere; }
    #curves details { flex: 1 1 20rem; min-width: 0; }
    select { font: inherit; color: inherit; background: var(--page); max-width: 100%; }
    :focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }

    """

  private static let script = WatchPageScript.text
}
