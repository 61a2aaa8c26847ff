import Synchronization

/// How many requests each client may still make: a bucket that fills up again within a minute.
final class ClientRates: Sendable {
  private struct Bucket {
    var left: Double
    var at: ContinuousClock.Instant
  }

  /// Clients that are remembered; those that have been away longest are then forgotten.
  private static let most = 10_000

  private let perMinute: Double
  private let buckets = Mutex<[String: Bucket]>([:])

  /// How many are remembered.
  var clients: Int { buckets.withLock(\.count) }

  init(perMinute: Int) { self.perMinute = Double(perMinute) }

  /// Whether a client may make a request now; if not, the seconds until it may.
  ///
  /// - Parameter client: its address; of IPv6 the first half, since a host has all of the other.
  func wait(of client: String, now: ContinuousClock.Instant = .now) -> Int? {
    buckets.withLock { buckets in
      var bucket = buckets[client] ?? Bucket(left: perMinute, at: now)
      let seconds = (now - bucket.at) / .seconds(1)
      bucket.left = min(perMinute, bucket.left + seconds * perMinute / 60)
      bucket.at = now
      defer { buckets[client] = bucket }
      if buckets[client] == nil, buckets.count >= Self.most {
        buckets = buckets.filter { now - $0.value.at < .seconds(60) }
        if buckets.count >= Self.most { buckets.removeAll() }
      }
      guard bucket.left < 1 else {
        bucket.left -= 1
        return nil
      }
      return Int(((1 - bucket.left) * 60 / perMinute).rounded(.up))
    }
  }
}
