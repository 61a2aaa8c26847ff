import Files
import Synchronization
import Testing
import Timelines

@testable import Reporting

@Suite struct ActivityLineTests {
  /// What is written, and a clock that stands still until it is told otherwise.
  final class Screen: Sendable {
    let written = Mutex<[String]>([])
    let passed = Mutex(Duration.zero)
    let start = ContinuousClock.now

    func line(isTerminal: Bool) -> ActivityLine {
      ActivityLine(
        isTerminal: isTerminal, patience: .seconds(2),
        now: { self.start + self.passed.withLock(\.self) },
        erasing: { self.written.withLock { $0.append("erased") } },
        writing: { text in self.written.withLock { $0.append(text) } })
    }

    func wait(_ duration: Duration) { passed.withLock { $0 += duration } }

    /// What was written since the last time.
    func take() -> [String] {
      written.withLock { written in
        defer { written = [] }
        return written
      }
    }
  }

  private let screen = Screen()

  private func activity(_ name: String, of count: Int? = nil, _ unit: String = "") -> Activity {
    Activity(name, of: count, unit, since: screen.start + screen.passed.withLock(\.self))
  }

  @Test func `a file gets a line after two seconds, and then every ten`() {
    let line = screen.line(isTerminal: false)
    let activity = self.activity("evaluating", of: 3409, "photos")
    line.began(activity)
    for _ in 1...40 {
      screen.wait(.milliseconds(500))
      activity.advance(by: 10)
      line.advanced(activity)
    }
    let lines = screen.take()
    #expect(lines.count == 2, "\(lines)")
    #expect(
      lines == [
        "evaluating: 40/3,409 photos, 20.0 photos/s, 3 min left",
        "evaluating: 240/3,409 photos, 20.0 photos/s, 3 min left",
      ])
    line.ended(activity)
    #expect(screen.take().isEmpty)
  }

  @Test func `what is done sooner leaves no line in a file`() {
    let line = screen.line(isTerminal: false)
    for _ in 1...5 {
      let activity = self.activity("packing", of: 100, "photos")
      line.began(activity)
      activity.advance(by: 100)
      line.advanced(activity)
      line.ended(activity)
    }
    #expect(screen.take().isEmpty)
  }

  /// Nobody waits for ten seconds without a word because each part of the work is short.
  @Test func `parts that follow each other are one wait`() {
    let line = screen.line(isTerminal: false)
    for part in 1...6 {
      let activity = self.activity("trying out \(part)", of: 2, "steps")
      line.began(activity)
      for _ in 1...2 {
        screen.wait(.milliseconds(500))
        activity.advance()
        line.advanced(activity)
      }
      line.ended(activity)
    }
    #expect(screen.take() == ["trying out 2: 2/2 steps, 2.0 steps/s, 0 s left"])
    screen.wait(.seconds(20))
    let later = self.activity("later", of: 2, "steps")
    line.began(later)
    screen.wait(.milliseconds(500))
    line.advanced(later)
    #expect(screen.take().isEmpty)
  }

  @Test func `a terminal's line changes ten times a second at most, and goes in the end`() {
    let line = screen.line(isTerminal: true)
    let activity = self.activity("testing", of: 100, "steps")
    line.began(activity)
    #expect(screen.take() == ["testing: 0/100 steps"])
    activity.note = "lr 0.001"
    for _ in 1...100 {
      screen.wait(.milliseconds(10))
      activity.advance()
      line.advanced(activity)
    }
    let lines = screen.take()
    #expect(lines.count == 6, "\(lines)")
    #expect(lines.allSatisfy { $0.contains("/100 steps, lr 0.001, ") && $0.hasSuffix(" s left") })
    line.ended(activity)
    #expect(screen.take() == ["erased"])
  }

  @Test func `what goes on within something is shown in its place`() {
    let line = screen.line(isTerminal: true)
    let (outer, inner) = (activity("folds", of: 5, "folds"), activity("reading"))
    line.began(outer)
    line.began(inner)
    #expect(screen.take() == ["folds: 0/5 folds", "reading: …"])
    screen.wait(.seconds(5))
    outer.advance()
    line.advanced(outer)
    #expect(screen.take().isEmpty)
    inner.advance()
    line.advanced(inner)
    #expect(screen.take() == ["reading: for 5 s"])
    line.ended(inner)
    #expect(screen.take() == ["folds: 1/5 folds, 20 s left"])
    line.ended(outer)
    #expect(screen.take() == ["erased"])
  }

  /// More may be told of than there is: ranks' shares aren't equal.
  @Test func `no more is done than there is`() {
    let activity = self.activity("evaluating", of: 10, "photos")
    activity.advance(by: 12)
    #expect(
      ActivityLine.text(of: activity, after: 2).hasSuffix("10/10 photos, 5.0 photos/s, 0 s left"))
  }

  @Test func `whoever watches is told from where work is done, and of its end when it fails`() {
    final class Watcher: ActivityWatcher {
      let told = Mutex<[String]>([])
      func began(_ activity: Activity) { tell("began", activity) }
      func advanced(_ activity: Activity) { tell("advanced", activity) }
      func ended(_ activity: Activity) { tell("ended", activity) }
      private func tell(_ what: String, _ activity: Activity) {
        if activity.name == "a test's" { told.withLock { $0.append("\(what) \(activity.done)") } }
      }
    }
    struct Failure: Error {}
    let watcher = Watcher()
    Activity.watch(with: watcher)
    defer { Activity.watch(with: nil) }
    #expect(throws: Failure.self) {
      try Activity.during("a test's", of: 3, "steps") { activity in
        activity.advance(by: 2)
        throw Failure()
      }
    }
    #expect(watcher.told.withLock(\.self) == ["began 0", "advanced 2", "ended 2"])
  }

  @Test func `colours are a console's that has them, and a quiet one tells warnings alone`() {
    var written: [String] = []
    let console = Console(isTerminal: true, hasColours: true) { written.append($0) }
    console.line("warning   few photos")
    console.line("best      epoch 3", .good)
    console.line("plain")
    #expect(
      written == [
        "\u{1B}[33mwarning   few photos\u{1B}[0m\n", "\u{1B}[32mbest      epoch 3\u{1B}[0m\n",
        "plain\n",
      ])
    written = []
    let quiet = Console(isTerminal: true, isQuiet: true) { written.append($0) }
    quiet.line("epoch 1")
    quiet.text("a\n")
    quiet.passingLine("step 1")
    quiet.line("warning   few photos")
    quiet.line("skipped   a step", .warning)
    quiet.remark("weights   without a head")
    #expect(
      written == ["warning   few photos\n", "skipped   a step\n", "weights   without a head\n"])
  }
}
