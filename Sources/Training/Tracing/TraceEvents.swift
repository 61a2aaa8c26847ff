import DataParallel
import Timelines

/// A rank's slices as events of the Trace Event Format, which Perfetto and Chrome read: a JSON object a line.
///
/// Processes are ranks, and threads count from 1. Times are whole microseconds of rank 0's clock since the trace began.
/// They are rounded down, begin and end alike, so that slices lie in each other as before: Perfetto leaves out
/// slices that overlap.
struct TraceEvents {
  let rank: Int
  let host: String
  let clock: ClockAlignment
  /// Of rank 0's clock, in nanoseconds.
  let start: Int64
  private(set) var bytes: [UInt8] = []

  init(rank: Int, host: String, clock: ClockAlignment, start: Int64) {
    self.rank = rank
    self.host = host
    self.clock = clock
    self.start = start
  }

  /// Adds what names the rank and its threads, and the slices of these.
  mutating func add(_ lanes: [(thread: String, slices: [Slice])]) {
    name("process_name", ("name", .text("rank \(rank) on \(host)")))
    name("process_sort_index", ("sort_index", .number(rank)))
    let microseconds = Double(clock.uncertainty) / 1000
    name("process_labels", ("labels", .text("clock within \(microseconds) µs")))
    for (index, (thread, slices)) in lanes.enumerated() where !slices.isEmpty {
      name("thread_name", thread: index + 1, ("name", .text(thread)))
      name("thread_sort_index", thread: index + 1, ("sort_index", .number(index)))
      for slice in slices { add(slice, thread: index + 1) }
    }
  }

  private mutating func name(_ event: String, thread: Int = 1, _ detail: Slice.Details.Element) {
    begin(event, "M", thread: thread)
    end([detail])
  }

  private mutating func add(_ slice: Slice, thread: Int) {
    begin(slice.name, "X", thread: thread)
    let (first, last) = (microseconds(slice.time.lowerBound), microseconds(slice.time.upperBound))
    add(",\"cat\":\"\(slice.category.rawValue)\",\"ts\":\(first),\"dur\":\(last - first)")
    self.end(slice.details)
  }

  private func microseconds(_ time: Int64) -> Int64 {
    let nanoseconds = clock.onFirstRank(time) - start
    return nanoseconds >= 0 ? nanoseconds / 1000 : -((999 - nanoseconds) / 1000)
  }

  private mutating func begin(_ name: String, _ phase: String, thread: Int) {
    add(bytes.isEmpty ? "{\"name\":" : ",\n{\"name\":")
    add(quoted: name)
    add(",\"ph\":\"\(phase)\",\"pid\":\(rank),\"tid\":\(thread)")
  }

  private mutating func end(_ details: Slice.Details) {
    var separator = ",\"args\":{"
    for (name, value) in details {
      add(separator)
      separator = ","
      add(quoted: name)
      add(":")
      switch value {
      case .number(let number): add("\(number)")
      case .text(let text): add(quoted: text)
      }
    }
    add(details.isEmpty ? "}" : "}}")
  }

  private mutating func add(_ text: String) { bytes += text.utf8 }

  /// In quotes, with JSON's escapes: photos may be called anything.
  private mutating func add(quoted text: String) {
    add("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        add("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    add("\"")
  }
}
