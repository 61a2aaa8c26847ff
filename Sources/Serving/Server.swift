import Files
import Glibc
package import Inference
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Tensors

/// Answers over HTTP what a model says of photos, until it is stopped.
package final class Server: Sendable {
  let limits: ServerLimits
  let queue: PhotoQueue
  let metrics = Metrics()
  let decoderLimits: NIOHTTPDecoderLimitConfiguration
  private let viewNames: [String]
  private let token: Token?
  private let rates: ClientRates?
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let threads: [SystemThread]
  private let listener = Mutex<(any Channel)?>(nil)
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
  private let stopping = Atomic<Bool>(false)
  /// Bytes of bodies in memory.
  private let bytes = Atomic<Int>(0)

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - port: 0 for one that is free.
  ///   - viewNames: what may be asked for by `tta`.
  ///   - token: nil where everybody may ask.
  /// - Throws: `ListeningError`.
  package init(
    _ model: ReadyModel, host: String, port: Int, viewNames: [String], token: Token?,
    limits: ServerLimits
  ) throws {
    self.limits = limits
    self.viewNames = viewNames
    self.token = token
    rates = limits.requestsPerMinute.map { ClientRates(perMinute: $0) }
    queue = PhotoQueue(model, limits, metrics)
    var decoderLimits = NIOHTTPDecoderLimitConfiguration()
    decoderLimits.maxHeaderFieldSize = 16 << 10
    decoderLimits.maxHeaderListSize = 32 << 10
    decoderLimits.maxHeaderFieldCount = 100
    self.decoderLimits = decoderLimits
    threads = queue.start()
    do {
      let channel = try group.listen(at: host, port: port) { try self.open($0) }
      listener.withLock { $0 = channel }
    } catch {
      end()
      throw error
    }
  }

  /// Where it listens.
  package var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

  /// Photos that come from now on are shown to another model.
  package func serve(_ model: ReadyModel) {
    queue.current = model
    metrics.reloaded(true)
  }

  /// Another model could not be had.
  package func noteFailedReload() { metrics.reloaded(false) }

  /// Takes no more connections, answers what has begun to come, and ends.
  package func stop() {
    stopping.store(true, ordering: .relaxed)
    try? listener.withLock { $0 }?.close().wait()
    for channel in channels.withLock({ Array($0.values) }) {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
    let deadline = ContinuousClock.now + limits.stopTime
    while channels.withLock({ !$0.isEmpty }), ContinuousClock.now < deadline {
      usleep(10_000)
    }
    end()
  }

  private func end() {
    queue.close()
    for thread in threads { thread.join() }
    try? group.syncShutdownGracefully()
  }

  var isStopping: Bool { stopping.load(ordering: .relaxed) }

  /// Lets a connection in, if there is room.
  private func open(_ channel: any Channel) throws {
    let key = ObjectIdentifier(channel)
    let isIn = channels.withLock { channels in
      guard channels.count < limits.mostConnections else { return false }
      channels[key] = channel
      return true
    }
    guard isIn else { throw Self.full("\(limits.mostConnections) connections are open already") }
    channel.closeFuture.whenComplete { _ in
      self.channels.withLock { channels in channels[key] = nil }
    }
    try Connection.configure(channel, of: self)
  }

  /// Lets so many more bytes into memory, if there is room.
  func grant(_ count: Int) -> Bool {
    let all = bytes.add(count, ordering: .relaxed).newValue
    if all > limits.mostBytesTogether {
      giveBack(count)
      return false
    }
    return true
  }

  func giveBack(_ count: Int) { bytes.subtract(count, ordering: .relaxed) }

  /// For want of room.
  static func full(_ reason: String) -> Refusal {
    Refusal(.serviceUnavailable, "\(reason); come again in a second", headers: Refusal.later(1))
  }

  /// What a request asks for, before its body has come.
  ///
  /// - Throws: what it is refused with.
  func admit(_ head: HTTPRequestHead, from address: SocketAddress?) throws(Refusal) -> Endpoint {
    let endpoint = try Endpoint(head, viewNames: viewNames)
    if case .health = endpoint { return endpoint }
    if let seconds = rates?.wait(of: Self.client(address)) {
      throw Refusal(
        .tooManyRequests,
        "more than \(limits.requestsPerMinute ?? 0) requests in a minute; come again in \(seconds) s",
        headers: Refusal.later(seconds))
    }
    if endpoint.needsToken, let token,
      !token.isShown(by: head.headers.first(name: "Authorization"))
    {
      throw Refusal(
        .unauthorized, "show the server's token: Authorization: Bearer TOKEN",
        headers: [("WWW-Authenticate", "Bearer")])
    }
    guard case .predict(let query) = endpoint else { return endpoint }
    if isStopping { throw Self.full("the server is stopping") }
    if query.question.wantsHeatMap, let problem = queue.current.heatMapProblem {
      throw Refusal(.badRequest, "\(problem)".harmless())
    }
    if queue.count >= limits.longestQueue {
      throw Self.full("\(limits.longestQueue) photos wait already")
    }
    return endpoint
  }

  /// An address without its port; of IPv6 the first half, since a host has all of the other, but for one of IPv4 in it.
  private static func client(_ address: SocketAddress?) -> String {
    let text = address?.ipAddress ?? ""
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return text }
    return withUnsafeBytes(of: &six) { bytes in
      let isMapped =
        bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
      return Digest.hex(isMapped ? bytes.suffix(4) : bytes.prefix(8))
    }
  }

  /// What isn't about photos.
  func response(to endpoint: Endpoint) -> Response {
    switch endpoint {
    case .page: Page.response
    case .document: OpenAPI.response
    case .metrics:
      Response(
        .ok, type: "text/plain; version=0.0.4; charset=utf-8",
        Array(metrics.text(queue: queue.count, connections: channels.withLock(\.count)).utf8))
    case .health: health
    case .predict: .broken("photos are asked about elsewhere")
    }
  }

  private var health: Response {
    struct Health: Encodable {
      let status: String
      let queue: Int
    }
    let body = Health(status: isStopping ? "stopping" : "ok", queue: queue.count)
    do {
      return Response(isStopping ? .serviceUnavailable : .ok, try Response.json(body))
    } catch {
      return .broken("\(error)")
    }
  }
}
