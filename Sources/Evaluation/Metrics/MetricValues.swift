/// Something for each of some metrics, such as its value, or mean and deviation over folds. In JSON, these are
/// keys among those of whatever holds it.
package struct MetricValues<Value: Codable & Equatable & Sendable>: Equatable, Sendable {
  /// In the order of `Metric.all`.
  package let metrics: [Metric]
  private let values: [Value]

  /// - Parameter value: nil where the metric has none.
  package init(_ metrics: [Metric], _ value: (Metric) throws -> Value?) rethrows {
    let found = try metrics.compactMap { metric in try value(metric).map { (metric, $0) } }
    self.metrics = found.map(\.0)
    values = found.map(\.1)
  }

  /// Nil for a metric that isn't one of these.
  package subscript(metric: Metric) -> Value? {
    metrics.firstIndex(of: metric).map { values[$0] }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  /// - Parameter missing: the value of a metric that the file lacks: one of an earlier version, or one that had none.
  package init(
    _ metrics: [Metric], from decoder: any Decoder, missing: (Metric) throws -> Value?
  ) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(metrics) { metric in
      let key = Key(stringValue: metric.key)
      return try container.decodeIfPresent(Value.self, forKey: key) ?? missing(metric)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (metric, value) in zip(metrics, values) {
      try container.encode(value, forKey: Key(stringValue: metric.key))
    }
  }
}
