import ArgumentParser
import Files
import Reporting
import Serving
import Training

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how a training, cross-validation or search goes, while it goes on.",
    discussion: """
      It reads the files in the folder and nothing else, on any host that sees them, so that it disturbs no training; \
      it may be started before the training, and stays when that ends or resumes. q or Ctrl-C ends it. With --port a \
      browser on this machine shows it too. Where its output is no terminal, or with --once or --json, it says once how \
      things are. docs/watch.md says what it shows.

      EXAMPLES
        tutti watch runs/a
        tutti watch runs/cv --once
        tutti watch runs/cv --port 8765
        tutti watch runs/search --json
      """)

  @Argument(
    help: ArgumentHelp(
      "The folder of a run, a cross-validation, several cross-validations or a search, or where one will be.",
      valueName: "folder"), completion: .directory)
  var folder: String

  @Flag(help: "Says how things are, and ends.")
  var once = false

  @Option(
    help: ArgumentHelp("Seconds from one look to the next, from 0.2 on.", valueName: "seconds"))
  var every = 2.0

  @Option(
    help: ArgumentHelp(
      "Shows it to browsers on this machine too, at http://127.0.0.1:PORT/; 0: any that is free.",
      valueName: "port"))
  var port: Int?

  @OptionGroup var output: JSONOptions

  func validate() throws {
    if !(every >= 0.2 && every <= 86_400) {
      throw ValidationError("--every takes seconds from 0.2 to 86400, not \(every)")
    }
    if let port, !(0...65535).contains(port) {
      throw ValidationError("--port \(port): 0 to 65535")
    }
    if port != nil, once || output.isJSON {
      throw ValidationError(
        "--port shows how things go on, and --\(once ? "once" : "json") says once how they are: take one of them"
      )
    }
  }

  func run() {
    let isOnTerminal = LiveTerminal.isThere && !once && !output.isJSON
    if isOnTerminal || port != nil { StopSignals.install() }
    runAlone {
      let view = try WatchView(path: folder)
      if isOnTerminal || port != nil {
        try show(view, onTerminal: isOnTerminal)
      } else if output.isJSON {
        print(try view.json())
      } else {
        let console = Console()
        for line in view.lines() { console.line(line) }
      }
    }
  }

  /// Shows one look after the other, in a terminal, a browser or both, until it is asked to end.
  private func show(_ first: WatchView, onTerminal: Bool) throws {
    var view = first
    let page = try port.map {
      try LivePage(
        port: $0,
        WebPage(
          title: "tutti watch", style: WatchPage.style, body: WatchPage.body(every: every),
          script: WatchPage.script))
    }
    defer { page?.stop() }
    let address = page.map { "http://127.0.0.1:\($0.port)/" }
    let terminal = onTerminal ? LiveTerminal() : nil
    if terminal == nil, let address { Console().line("showing it at \(address) until Ctrl-C") }
    repeat {
      page?.tell(try view.json())
      if let terminal {
        let size = terminal.size
        // Some lines on the whole, a chart, and what is left for folds and trials.
        terminal.show(
          view.lines(width: max(40, min(79, size.columns - 1)), rows: max(3, size.rows - 22)),
          footer: "q ends this view, and not the training"
            + (address.map { "; it is at \($0) too" } ?? ""))
      }
      if LiveTerminal.waits(seconds: every, keysOf: terminal?.keys) { break }
      view.look()
    } while true
  }
}
