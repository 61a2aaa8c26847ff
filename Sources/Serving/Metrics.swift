import Files
import Synchronization

/// What a server counts, told as Prometheus wants it (text format 0.0.4).
final class Metrics: Sendable {
  /// Numbers of events up to each bound, all of them, and their sum.
  private struct Histogram {
    let bounds: [Double]
    var counts: [Int]
    var count = 0
    var sum = 0.0

    init(_ bounds: [Double]) {
      self.bounds = bounds
      counts = bounds.map { _ in 0 }
    }

    mutating func add(_ value: Double) {
      for (place, bound) in bounds.enumerated() where value <= bound { counts[place] += 1 }
      count += 1
      sum += value
    }

    func text(_ name: String, _ help: String) -> String {
      let buckets = zip(bounds, counts).map { "\(name)_bucket{le=\"\($0)\"} \($1)\n" }.joined()
      return Metrics.head(name, "histogram", help) + buckets
        + "\(name)_bucket{le=\"+Inf\"} \(count)\n\(name)_sum \(sum)\n\(name)_count \(count)\n"
    }
  }

  private struct Counts {
    var requests: [UInt: Int] = [:]
    var seconds = Histogram([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30])
    var batches = Histogram([1, 2, 4, 8, 16, 32, 64])
    var photos = 0
    var reloads: [Bool: Int] = [true: 0, false: 0]
  }

  private let counts = Mutex(Counts())

  /// A response was sent.
  func answered(_ code: UInt, after time: Duration) {
    counts.withLock {
      $0.requests[code, default: 0] += 1
      $0.seconds.add(time / .seconds(1))
    }
  }

  /// So many photos were asked about side by side.
  func asked(_ photos: Int) {
    counts.withLock {
      $0.batches.add(Double(photos))
      $0.photos += photos
    }
  }

  func reloaded(_ succeeded: Bool) { counts.withLock { $0.reloads[succeeded, default: 0] += 1 } }

  /// - Parameters:
  ///   - queue: photos that wait or are asked about.
  ///   - connections: that are open.
  func text(queue: Int, connections: Int) -> String {
    let counts = counts.withLock { $0 }
    let requests = counts.requests.sorted { $0.key < $1.key }
    return Self.head("tutti_requests_total", "counter", "Requests that were answered, by status.")
      + requests.map { "tutti_requests_total{code=\"\($0.key)\"} \($0.value)\n" }.joined()
      + counts.seconds.text(
        "tutti_request_seconds", "From the head of a request to its response.")
      + counts.batches.text("tutti_batch_photos", "Photos that were asked about side by side.")
      + Self.value("tutti_photos_total", "counter", "Photos that were asked about.", counts.photos)
      + Self.value("tutti_queue_photos", "gauge", "Photos that wait or are asked about.", queue)
      + Self.value("tutti_connections", "gauge", "Connections that are open.", connections)
      + Self.head(
        "tutti_reloads_total", "counter", "Models that were loaded again, or could not be.")
      + counts.reloads.sorted { $0.key && !$1.key }.map {
        "tutti_reloads_total{result=\"\($0.key ? "loaded" : "failed")\"} \($0.value)\n"
      }.joined()
      + Self.value(
        "process_resident_memory_bytes", "gauge", "Resident memory.", ProcessMemory.residentBytes)
  }

  private static func head(_ name: String, _ kind: String, _ help: String) -> String {
    "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  private static func value(_ name: String, _ kind: String, _ help: String, _ value: Int) -> String
  {
    head(name, kind, help) + "\(name) \(value)\n"
  }
}
