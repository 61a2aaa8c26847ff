import Glibc

/// Times for people.
package enum DurationText {
  /// `45 s`, `12 min`, `5 h 50 min`, `3 d 4 h`.
  package static func of(_ seconds: Double) -> String {
    let total = max(seconds, 0).rounded()
    if total < 100 { return "\(Int(total)) s" }
    // Hours are counted from rounded minutes, or 59 and a half would be 60 min.
    let minutes = Int((total / 60).rounded())
    let hours = minutes / 60
    if hours == 0 { return "\(minutes) min" }
    if hours < 24 { return "\(hours) h \(minutes % 60) min" }
    return "\(hours / 24) d \(hours % 24) h"
  }

  /// The local time `seconds` from now, e.g. `Tue 04:10`.
  static func clock(after seconds: Double) -> String {
    var moment = time(nil) + Int(max(seconds, 0))
    var parts = tm()
    localtime_r(&moment, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%a %H:%M", &parts)
    return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
