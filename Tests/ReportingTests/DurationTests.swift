import Foundation
import Testing

@testable import Reporting

@Suite struct DurationTests {
  @Test(
    arguments: [
      (-5, "0 s"), (0, "0 s"), (0.4, "0 s"), (0.6, "1 s"), (60, "60 s"), (99.4, "99 s"),
      (99.5, "2 min"), (149, "2 min"), (151, "3 min"), (3569, "59 min"), (3570, "1 h 0 min"),
      (3600, "1 h 0 min"), (21_000, "5 h 50 min"), (86_369, "23 h 59 min"), (86_370, "1 d 0 h"),
      (86_400, "1 d 0 h"), (273_600, "3 d 4 h"), (8_640_000, "100 d 0 h"),
    ])
  func `each length has its two largest units`(seconds: Double, text: String) {
    #expect(DurationText.of(seconds) == text)
  }

  @Test(arguments: [0, 59.9, 3600, 100_000, 500_000])
  func `a time is the local one, with its day`(seconds: Double) {
    func expected() -> String {
      let moment = Date(timeIntervalSinceNow: seconds.rounded(.down))
      let parts = Calendar.current.dateComponents([.weekday, .hour, .minute], from: moment)
      let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
      let text = "\(100 * (parts.hour ?? 0) + (parts.minute ?? 0))"
      let padded = String(repeating: "0", count: 4 - text.count) + text
      return "\(days[(parts.weekday ?? 1) - 1]) \(padded.prefix(2)):\(padded.suffix(2))"
    }
    // A minute may begin in between.
    let (before, text, after) = (
      expected(), DurationText.clock(after: seconds), expected()
    )
    #expect(text == before || text == after)
  }
}
