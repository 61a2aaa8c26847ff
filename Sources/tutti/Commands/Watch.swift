import ArgumentParser
import Files
import Reporting
import Runs
import Training

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how a training, cross-validation or search goes, while it goes on.",
    discussion: """
      It reads the files in the folder and nothing else, on any host that sees them, so that it disturbs no training; \
      it may be started before the training, and stays when that ends or resumes. q or Ctrl-C ends it. Where its output \
      is no terminal, or with --once or --json, it says once how things are. docs/watch.md says what it shows.

      EXAMPLES
        tutti watch runs/a
        tutti watch runs/cv --once
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

  @OptionGroup var output: JSONOptions

  func validate() throws {
    if !(every >= 0.2 && every <= 86_400) {
      throw ValidationError("--every takes seconds from 0.2 to 86400, not \(every)")
    }
  }

  func run() {
    let isLive = LiveTerminal.isThere && !once && !output.isJSON
    if isLive { StopSignals.install() }
    runAlone {
      var watched = WatchedFolder(path: folder)
      var warnings = WatchWarnings()
      func look() throws -> WatchStatus {
        let status = try watched.look()
        warnings.look(at: watched.records)
        return status
      }
      var status = try look()
      if isLive {
        let terminal = LiveTerminal()
        var problem: String?
        repeat {
          show(status, warnings, problem, on: terminal)
          if terminal.waits(seconds: every) { break }
          do {
            (status, problem) = (try look(), nil)
          } catch {
            problem = harmlessLines(of: error).first
          }
        } while true
      } else if output.isJSON {
        print(try JSONText.encode(WatchDocument(status, warnings.found), inSnakeCase: true))
      } else {
        let console = Console()
        for line in WatchText.lines(status, warnings.found) { console.line(line) }
      }
    }
  }

  private func show(
    _ status: WatchStatus, _ warnings: WatchWarnings, _ problem: String?, on terminal: LiveTerminal
  ) {
    let size = terminal.size
    // Some lines on the whole, a chart, and what is left for folds and trials.
    let lines = WatchText.lines(
      status, warnings.found, width: max(40, min(79, size.columns - 1)),
      rows: max(3, size.rows - 22))
    terminal.show(
      (problem.map { ["problem   \($0)", ""] } ?? []) + lines,
      footer: "q ends this view, and not the training")
  }
}
