import Files
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A page for browsers on this machine, and a document that it asks for again and again: `/` and `/status.json` of
/// 127.0.0.1.
package final class LivePage: Sendable {
  /// Open at a time; a browser has some six.
  private static let mostConnections = 64
  /// Until a connection is closed on which nothing happens.
  private static let idleTime = TimeAmount.seconds(60)

  private let page: Response
  private let document = Mutex<Response>(
    Response(.serviceUnavailable, Array("{}\n".utf8)))
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let listener = Mutex<(any Channel)?>(nil)
  private let connections = Atomic<Int>(0)

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - port: 0 for one that is free.
  ///   - page: what is shown at `/`.
  /// - Throws: `ListeningError`.
  package init(port: Int, _ page: WebPage) throws {
    self.page = page.response
    do {
      let channel = try group.listen(at: "127.0.0.1", port: port) { try self.open($0) }
      listener.withLock { $0 = channel }
    } catch {
      stop()
      throw error
    }
  }

  /// Where it listens.
  package var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

  /// What `/status.json` is from now on: a document on one line.
  package func tell(_ json: String) {
    let response = Response(.ok, Array((json + "\n").utf8))
    document.withLock { $0 = response }
  }

  /// Closes all connections.
  package func stop() { try? group.syncShutdownGracefully() }

  private func open(_ channel: any Channel) throws {
    let count = connections.add(1, ordering: .relaxed).newValue
    channel.closeFuture.whenComplete { _ in self.connections.subtract(1, ordering: .relaxed) }
    guard count <= Self.mostConnections else { return channel.close(promise: nil) }
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(IdleStateHandler(allTimeout: Self.idleTime))
    try pipeline.configureHTTPServerPipeline()
    try pipeline.addHandler(LivePageConnection(self))
  }

  func response(to head: HTTPRequestHead) -> Response {
    func refuse(_ status: HTTPResponseStatus, _ reason: String) -> Response {
      Response(status, type: "text/plain; charset=utf-8", Array((reason + "\n").utf8))
    }
    // A page of another host whose name was made to lead here has that name.
    let host = head.headers.first(name: "Host")?.pieces(at: ":").first ?? ""
    guard ["127.0.0.1", "localhost"].contains(host) else {
      return refuse(.forbidden, "ask for http://127.0.0.1:\(port)/")
    }
    guard head.method == .GET || head.method == .HEAD else {
      return refuse(.methodNotAllowed, "there is GET alone")
    }
    switch head.uri {
    case "/": return page
    case "/status.json": return document.withLock { $0 }
    default: return refuse(.notFound, "there are / and /status.json")
    }
  }
}

/// A browser's connection: one request after the other, answered when its end has come.
private final class LivePageConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let page: LivePage
  private var head: HTTPRequestHead?
  private var isOver = false

  init(_ page: LivePage) { self.page = page }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let head): self.head = isOver ? nil : head
    // What a question without a body brings is thrown away.
    case .body: break
    case .end:
      guard let head else { return }
      let response = page.response(to: head)
      // Who doesn't read its answers gets no more.
      let isClosing = !head.isKeepAlive || !context.channel.isWritable
      isOver = isClosing
      self.head = nil
      context.write(Self.wrapOutboundOut(.head(response.head(closing: isClosing))), promise: nil)
      if head.method != .HEAD {
        let buffer = context.channel.allocator.buffer(bytes: response.body)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
      }
      let channel = context.channel
      context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in
        if isClosing { channel.close(promise: nil) }
      }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
