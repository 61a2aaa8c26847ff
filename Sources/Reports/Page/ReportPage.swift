import Files

/// A page in one file that asks no other host for anything: sections under a heading, with links to them. It follows the
/// reader's choice of light or dark, prints, and needs no scripts, which its policy forbids.
package struct ReportPage: Sendable {
  package struct Section: Sendable {
    /// For links: `confusion`.
    package let id: String
    package let title: String
    package let body: HTML

    package init(_ id: String, _ title: String, _ body: HTML) {
      self.id = id
      self.title = title
      self.body = body
    }
  }

  private let title: String
  private let subtitle: String
  private let sections: [Section]

  package init(title: String, subtitle: String, sections: [Section]) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
  }

  package var html: String {
    let links = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" as HTML }
    let bodies = sections.map { section -> HTML in
      """
      <section id="\(section.id)" aria-labelledby="\(section.id)-title">
      <h2 id="\(section.id)-title">\(section.title)</h2>
      \(section.body)
      </section>

      """
    }
    let page: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>\(Self.style)</style>
      </head>
      <body>
      <a class="skip" href="#\(sections.first?.id ?? "top")">To the content</a>
      <header id="top"><h1><bdi>\(title)</bdi></h1><p>\(subtitle)</p>
      <nav aria-label="Sections"><ul>
      \(links)</ul></nav></header>
      <main>
      \(bodies)</main>
      </body>
      </html>

      """
    return page.text
  }

  /// - Throws: `FileError`.
  package func write(to path: String) throws {
    try FileWriting.replace(path, with: Array(html.utf8))
  }

  /// Colours have a contrast of 4.5 or more to what they stand on.
  private static let style: HTML = """

    :root{color-scheme:light dark;--paper:#fff;--ink:#1b1d21;--soft:#565b64;--line:#d5d8de;--panel:#f3f5f8;
    --a:#1f5fa8;--b:#a8480c;--c:#26703a;--d:#7a3f9d;--shade:31,95,168;--wrong:168,60,20}
    @media (prefers-color-scheme:dark){:root{--paper:#15171b;--ink:#eceef1;--soft:#a9afb9;--line:#3b4049;--panel:#1e2127;
    --a:#6fb1f7;--b:#f29d63;--c:#7fd094;--d:#cf9df0;--shade:58,120,190;--wrong:190,84,40}}
    @media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#fff}
    nav,.skip,.cell,.close{display:none!important}section{break-inside:avoid-page}}
    *{box-sizing:border-box}
    html{scroll-behavior:smooth}
    body{margin:0 auto;max-width:72rem;padding:0 1rem 4rem;background:var(--paper);color:var(--ink);
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
    h1{font-size:1.6rem;line-height:1.2;margin:1.5rem 0 .25rem;overflow-wrap:anywhere}
    h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:.5rem;border-top:1px solid var(--line)}
    h3{font-size:1rem;margin:1.25rem 0 .25rem}
    p,ul,ol{margin:.5rem 0}
    header p,figcaption,caption,.soft{color:var(--soft)}
    a{color:var(--a)}
    a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:3px solid var(--a);outline-offset:2px}
    .skip{position:absolute;left:-99rem}.skip:focus{position:static}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
    .verdict{font-size:1.15rem;background:var(--panel);border-left:4px solid var(--a);padding:.75rem 1rem;border-radius:0 .4rem .4rem 0}
    .verdict p{margin:.2rem 0}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}
    figure{margin:0;padding:.75rem;background:var(--panel);border-radius:.5rem;min-width:0}
    figcaption{font-size:.9rem;margin-bottom:.4rem}
    figcaption b{color:var(--ink)}
    svg{display:block;width:100%;height:auto;max-width:34rem}
    svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}
    svg .soft{fill:var(--soft)}svg .grid{stroke:var(--line);stroke-width:1}svg .axis{stroke:var(--soft);stroke-width:1}
    .la,.lb,.lc,.ld{fill:none;stroke-width:2.2;stroke-linejoin:round}
    .la{stroke:var(--a)}.lb{stroke:var(--b)}.lc{stroke:var(--c)}.ld{stroke:var(--d)}.thin{stroke-width:1.2}
    .lb{stroke-dasharray:7 3}.lc{stroke-dasharray:2 3}
    .fa{fill:var(--a)}.fb{fill:var(--b)}.fc{fill:var(--c)}.fd{fill:var(--d)}.faint{fill-opacity:.45}
    .ci{stroke:var(--ink);stroke-width:1.5}.mark{stroke:var(--soft);stroke-dasharray:3 3}
    .wide{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-size:.9rem;padding:.25rem 0}
    th,td{padding:.2rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
    thead th{color:var(--soft);font-weight:600}
    td.n{text-align:right}
    details{margin:.5rem 0}summary{cursor:pointer;color:var(--a)}
    pre{overflow-x:auto;background:var(--panel);padding:.75rem;border-radius:.4rem;font-size:.85rem}
    code{font-size:.9em;overflow-wrap:anywhere}
    .matrix th,.matrix td{padding:0;border:1px solid var(--line);text-align:center;vertical-align:middle}
    .matrix thead th{height:9rem;vertical-align:bottom;padding:.3rem}
    .matrix thead span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:8.5rem;overflow:hidden}
    .matrix tbody th{padding:0 .5rem;text-align:right;font-weight:400;white-space:nowrap;max-width:12rem;overflow:hidden;text-overflow:ellipsis}
    .matrix td{min-width:2.7rem;height:2.3rem;line-height:1.1}
    .matrix a,.matrix td>span{display:block;padding:.25rem;color:var(--ink);text-decoration:none}
    .matrix a:hover{text-decoration:underline}
    .matrix small{display:block;font-size:.72rem}
    .right{background:rgba(var(--shade),calc(.5*var(--r)))}.wrong{background:rgba(var(--wrong),calc(.12 + .4*var(--r)))}
    .cell{display:none}.cell:target{display:block;background:var(--panel);padding:.5rem 1rem;border-radius:.5rem;margin-top:.75rem}
    .photos{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.75rem;padding:0;list-style:none}
    .photos li{min-width:0;font-size:.85rem;overflow-wrap:anywhere}
    .photos.large{grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
    .photos img{max-width:100%;height:auto;border-radius:.3rem;background:var(--panel)}
    .pair{display:flex;align-items:flex-start;gap:.3rem}.pair img{max-width:calc(50% - .15rem)}
    .path{color:var(--soft);display:block;max-height:4.5em;overflow:hidden}

    """
}
