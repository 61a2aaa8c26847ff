import NIOCore
import NIOHTTP1

/// Sees a connection's bytes before they are parsed, which tells when a request begins, and writes past the parser, which
/// knows of no response before a request.
final class FirstBytes: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let connection: Connection
  private var context: ChannelHandlerContext?

  init(_ connection: Connection) { self.connection = connection }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection.bytesHaveCome()
    context.fireChannelRead(data)
  }

  /// Writes a response of a request that hasn't come to its end, and closes the connection.
  func end(with response: Response) {
    guard let context else { return }
    let head = response.head(closing: true)
    let fields = head.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    var buffer = context.channel.allocator.buffer(capacity: 512 + response.body.count)
    buffer.writeString("HTTP/1.1 \(head.status.code) \(head.status.reasonPhrase)\r\n\(fields)\r\n")
    buffer.writeBytes(response.body)
    let channel = context.channel
    context.writeAndFlush(Self.wrapOutboundOut(buffer)).whenComplete { _ in
      channel.close(promise: nil)
    }
  }
}
