import Glibc
import NIOCore
import NIOPosix

extension MultiThreadedEventLoopGroup {
  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - port: 0 for one that is free.
  ///   - open: makes a connection's pipeline, or throws for one that isn't let in.
  /// - Throws: `ListeningError`.
  func listen(
    at host: String, port: Int, opening open: @escaping @Sendable (any Channel) throws -> Void
  ) throws(ListeningError) -> any Channel {
    let bootstrap = ServerBootstrap(group: self)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try open(channel) }
      }
    do {
      return try bootstrap.bind(host: host, port: port).wait()
    } catch {
      throw ListeningError(host: host, port: port, error)
    }
  }
}

/// Why a port can't be listened on.
package struct ListeningError: Error, CustomStringConvertible {
  let host: String
  let port: Int
  let reason: String

  init(host: String, port: Int, _ error: any Error) {
    self.host = host
    self.port = port
    reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
  }

  package var description: String {
    "\(host):\(port) can't be listened on: \(reason); is another server there? Take another --port or --host"
  }
}
