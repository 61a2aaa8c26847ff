/// What is in the page of `tutti watch --port`, which asks for `status.json` again and again, and shows what that says.
package enum WatchPage {
  /// - Parameter seconds: from one question to the next.
  package static func body(every seconds: Double) -> String {
    """
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
    """
  }

  package static let style = """

    body { max-width: 70rem; }
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

    """
}
