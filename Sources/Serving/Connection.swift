import NIOCore
import NIOHTTP1

/// A client's connection: one request after the other, each with limits to its bytes and to its time. All of it runs on
/// the connection's event loop.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum Phase {
    /// Nothing of a request has come.
    case between
    case head
    case body(Endpoint, RequestBody?)
    /// It has no body, and is answered when its end has come.
    case refused(Refusal)
    /// It is whole, and photos are looked at.
    case asking
    /// It was answered amid its body, and what still comes of it is thrown away.
    case over
  }

  /// How long a client may go on to send what is thrown away, so that it reads the answer and not an error.
  private static let linger = TimeAmount.seconds(2)
  /// Bytes of a body where none is asked for.
  private static let mostIdleBytes = 1 << 16

  private let server: Server
  private var firstBytes: FirstBytes?
  private var context: ChannelHandlerContext?
  private var phase = Phase.between
  private var isKeptAlive = true
  private var isHead = false
  private var began = ContinuousClock.now
  private var body: [UInt8] = []
  /// Bytes of it that the server has granted.
  private var granted = 0
  private var request: PhotoRequest?
  private var timer: Scheduled<Void>?
  private var writing: Scheduled<Void>?

  init(_ server: Server) { self.server = server }

  /// Puts a connection's handlers into its pipeline.
  static func configure(_ channel: any Channel, of server: Server) throws {
    let connection = Connection(server)
    let firstBytes = FirstBytes(connection)
    connection.firstBytes = firstBytes
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(firstBytes)
    try pipeline.configureHTTPServerPipeline(
      withErrorHandling: false, withOutboundHeaderValidation: true,
      withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
      withDecoderLimitConfiguration: server.decoderLimits)
    try pipeline.addHandler(connection)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    wait(server.limits.idleTime) { $0.close() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    firstBytes = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    writing?.cancel()
    if let request {
      request.cancel()
      // Before what its photos were granted is given back.
      server.queue.forget(request)
    }
    request = nil
    letGo()
    context.fireChannelInactive()
  }

  /// Something came, before anybody knows what it is.
  func bytesHaveCome() {
    // Requests that come before the answer are not collected: the connection ends with it.
    if case .asking = phase { isKeptAlive = false }
    guard case .between = phase else { return }
    phase = .head
    began = .now
    wait(server.limits.headTime) { $0.endLateHead() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let head): begin(head)
    case .body(let bytes): take(bytes)
    case .end: end()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    switch phase {
    case .between, .head, .body, .refused:
      // The parser closes the connection as soon as this returns.
      isKeptAlive = false
      let isTooLong = error == .headerOverflow
      answer(
        Refusal(
          isTooLong ? .requestHeaderFieldsTooLarge : .badRequest,
          isTooLong
            ? "the request's head is too long; send fewer and shorter fields"
            : "this is no HTTP/1.1 request: \(error)"))
    case .asking, .over: context.close(promise: nil)
    }
  }

  private func begin(_ head: HTTPRequestHead) {
    began = .now
    // The parser is deaf after a request for another protocol.
    isKeptAlive =
      head.isKeepAlive && !head.headers.contains(name: "Upgrade") && head.method != .CONNECT
    isHead = head.method == .HEAD
    wait(server.limits.bodyTime) { $0.endLateBody() }
    let hasBody =
      head.headers.contains(name: "Transfer-Encoding")
      || head.headers.first(name: "Content-Length").map { $0 != "0" } == true
    do throws(Refusal) {
      let endpoint = try server.admit(head, from: context?.remoteAddress)
      if case .predict = endpoint {
        phase = .body(endpoint, try RequestBody(head.headers, atMost: server.limits.mostBytes))
      } else {
        phase = .body(endpoint, nil)
      }
      if hasBody, head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
        let go = HTTPResponseHead(version: .http1_1, status: .continue)
        context?.writeAndFlush(Self.wrapOutboundOut(.head(go)), promise: nil)
      }
    } catch {
      if hasBody { refuse(error) } else { phase = .refused(error) }
    }
  }

  private func take(_ bytes: ByteBuffer) {
    guard case .body(_, let kind) = phase else { return }
    let most = kind == nil ? Self.mostIdleBytes : server.limits.mostBytes
    if body.count + bytes.readableBytes > most {
      return refuse(RequestBody.tooLong(most: most))
    }
    guard server.grant(bytes.readableBytes) else {
      return refuse(Server.full("too many photos are on their way"))
    }
    granted += bytes.readableBytes
    body += bytes.readableBytesView
  }

  private func end() {
    switch phase {
    case .body(let endpoint, let kind):
      timer?.cancel()
      phase = .asking
      if case .predict(let query) = endpoint, let kind {
        ask(query, kind)
      } else {
        answer(server.response(to: endpoint))
      }
    case .refused(let refusal):
      timer?.cancel()
      phase = .asking
      answer(refusal)
    case .over: close()
    case .between, .head, .asking: break
    }
  }

  private func ask(_ query: PhotoQuery, _ kind: RequestBody) {
    guard let context else { return }
    do throws(Refusal) {
      let parts = try kind.photos(
        in: body, called: query.name, atMost: server.limits.longestQueue)
      body = []
      let (own, loop) = (NIOLoopBound(self, eventLoop: context.eventLoop), context.eventLoop)
      let request = PhotoRequest(parts.map(\.name), question: query.question) { response in
        loop.execute { own.value.answer(response) }
      }
      self.request = request
      let photos = parts.enumerated().map { place, part in
        PhotoRequest.Photo(request: request, place: place, name: part.name, bytes: part.bytes)
      }
      if !server.queue.take(photos) {
        throw Server.full("\(server.limits.longestQueue) photos wait already")
      }
    } catch {
      request = nil
      answer(error)
    }
  }

  /// Answers a request whose body is still on its way.
  private func refuse(_ refusal: Refusal) {
    phase = .over
    isKeptAlive = false
    answer(refusal)
    timer?.cancel()
    timer = context?.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { self.close() }
  }

  private func answer(_ refusal: Refusal) {
    do { answer(try refusal.response) } catch { answer(.broken("\(error)")) }
  }

  private func answer(_ response: Response) {
    guard let context else { return }
    // Who doesn't read its answers gets no more.
    let isClosing = !isKeptAlive || server.isStopping || !context.channel.isWritable
    server.metrics.answered(response.status.code, after: .now - began)
    request = nil
    letGo()
    var isWhole = true
    if case .over = phase { isWhole = false }
    if isClosing { isKeptAlive = false }
    // Before the last part is written, which may bring the next request at once.
    if isWhole, !isClosing { rest() }
    context.write(Self.wrapOutboundOut(.head(response.head(closing: isClosing))), promise: nil)
    if !isHead {
      let buffer = context.channel.allocator.buffer(bytes: response.body)
      context.write(Self.wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }
    let loop = context.eventLoop.assumeIsolated()
    writing?.cancel()
    let late = loop.scheduleTask(in: TimeAmount(server.limits.bodyTime)) { self.close() }
    writing = late
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
      late.cancel()
      if isClosing, isWhole { self.close() }
    }
  }

  /// Waits for the next request.
  private func rest() {
    phase = .between
    wait(server.limits.idleTime) { $0.close() }
  }

  private func endLateHead() {
    let limit = server.limits.headTime
    let refusal = Refusal(
      .requestTimeout, "the request's head wasn't there within \(limit.components.seconds) s")
    guard let response = try? refusal.response else { return close() }
    server.metrics.answered(response.status.code, after: .now - began)
    firstBytes?.end(with: response)
  }

  private func endLateBody() {
    guard case .body = phase else { return }
    let limit = server.limits.bodyTime
    refuse(
      Refusal(
        .requestTimeout,
        "the request's body wasn't there within \(limit.components.seconds) s; send smaller photos")
    )
  }

  /// Gives back what the body was granted.
  private func letGo() {
    body = []
    server.giveBack(granted)
    granted = 0
  }

  private func close() { context?.close(promise: nil) }

  private func wait(_ time: Duration, then act: @escaping (Connection) -> Void) {
    timer?.cancel()
    timer = context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { act(self) }
  }
}
