import Foundation
import Glibc

/// Talks to a server over plain sockets, well or badly.
struct HTTPClient {
  let port: Int

  struct Reply {
    let code: Int
    /// The status line and the fields.
    let head: String
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  struct Broken: Error { let reason: String }

  /// A connection, which is closed with its last reference.
  final class Connection {
    private let socket: Int32
    private var rest = Data()

    init(port: Int) throws {
      socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var limit = timeval(tv_sec: 20, tv_usec: 0)
      setsockopt(
        socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(UInt16(port).bigEndian)
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      let code = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard code == 0 else { throw Broken(reason: "can't connect: \(errno)") }
    }

    deinit { Glibc.close(socket) }

    /// What the other side no longer reads is lost, which is no error of the test's.
    func send(_ bytes: some Collection<UInt8>) {
      var rest = Array(bytes)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
          Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
      }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// - Parameter hasBody: false after HEAD.
    func receive(hasBody: Bool = true) throws -> Reply {
      let gap = Data("\r\n\r\n".utf8)
      while rest.range(of: gap) == nil { try more() }
      guard let end = rest.range(of: gap) else { throw Broken(reason: "no head") }
      let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
      rest = Data(rest[end.upperBound...])
      let length =
        head.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.output.1) } ?? 0
      let code = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      guard hasBody else { return Reply(code: code, head: head, body: Data()) }
      while rest.count < length { try more() }
      defer { rest = Data(rest.dropFirst(length)) }
      return Reply(code: code, head: head, body: Data(rest.prefix(length)))
    }

    /// Whether the other side closes it, and sends nothing more.
    var isClosed: Bool {
      var byte: UInt8 = 0
      return rest.isEmpty && recv(socket, &byte, 1, 0) <= 0
    }

    private func more() throws {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(socket, &bytes, bytes.count, 0)
      guard count > 0 else { throw Broken(reason: "closed amid a reply: \(rest.count) bytes") }
      rest.append(contentsOf: bytes.prefix(count))
    }
  }

  func open() throws -> Connection { try Connection(port: port) }

  /// A request on a connection of its own.
  func ask(
    _ method: String, _ path: String, _ fields: [String: String] = [:], body: Data? = nil
  ) throws -> Reply {
    let connection = try open()
    connection.send(Self.head(method, path, fields, length: body?.count))
    if let body { connection.send(body) }
    return try connection.receive(hasBody: method != "HEAD")
  }

  /// A photo, as the body alone.
  func ask(
    about photo: Data, _ query: String = "", _ fields: [String: String] = [:]
  ) throws -> Reply {
    try ask(
      "POST", "/predict" + query, ["Content-Type": "image/jpeg"].merging(fields) { $1 }, body: photo
    )
  }

  static func head(
    _ method: String, _ path: String, _ fields: [String: String] = [:], length: Int? = nil
  ) -> String {
    let own = length.map { ["Content-Length": "\($0)"] } ?? [:]
    let all = ["Host": "localhost"].merging(own) { $1 }.merging(fields) { $1 }
    return "\(method) \(path) HTTP/1.1\r\n"
      + all.sorted { $0.key < $1.key }.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
  }
}
