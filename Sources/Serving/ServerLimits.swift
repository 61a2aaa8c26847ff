/// What a server takes of its clients, so that none of them can take all of it.
package struct ServerLimits: Sendable {
  /// Of a request's body.
  package var mostBytes = 32 << 20
  /// Photos that wait or are asked about.
  package var longestQueue = 64
  package var mostConnections = 256
  /// Of one client, by its address; nil for any number.
  package var requestsPerMinute: Int?
  /// How long a photo waits for others that are being decoded, to be asked about beside them.
  package var batchWait = Duration.milliseconds(2)
  /// From the first byte of a request to the end of its head.
  package var headTime = Duration.seconds(10)
  /// From the end of its head to the end of its body; the same again for a response to be taken.
  package var bodyTime = Duration.seconds(30)
  /// Between requests.
  package var idleTime = Duration.seconds(60)
  /// How long a stopping server waits for its answers to be taken.
  package var stopTime = Duration.seconds(30)

  package init() {}

  /// Bytes of all bodies that are in memory at a time.
  var mostBytesTogether: Int { 8 * mostBytes }
}
