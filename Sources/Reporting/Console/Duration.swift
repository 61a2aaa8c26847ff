import Glibc

/// Times for people.
enum Duration {
  /// `45 s`, `12 min`, `5 h 50 min`, `3 d 4 h`.
  static func text(_ seconds: Double) -> String {
    let total = Int(max(seconds, 0).rounded())
    let (minutes, hours, days) = (total / 60, total / 3600, total / 86400)
    if total < 100 { return "\(total) s" }
    if hours == 0 { return "\(Int((Double(total) / 60).rounded())) min" }
    if days == 0 { return "\(hours) h \(minutes % 60) min" }
    return "\(days) d \(hours % 24) h"
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
