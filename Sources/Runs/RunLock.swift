import Files
package import FoundationEssentials
import Glibc

/// That one process at a time works in a run's folder: while it lives, the file `.in-use` there is
/// locked, and says who it is. The file goes when the process ends in good order.
///
/// What counts is the system's lock, which a crash takes away, also over NFS; so a run goes on without
/// a word after any end, on this host or another. Where a file system has no locks, the file's text
/// counts: its process is gone, or isn't, or can't be seen from here.
package final class RunLock: Sendable {
  /// Who has a folder, as the file says.
  package struct Holder: Codable, Equatable, Sendable {
    package let host: String
    package let process: Int32
    package let since: Date

    package init(host: String, process: Int32, since: Date) {
      self.host = host
      self.process = process
      self.since = since
    }

    var isOfThisHost: Bool { host.isExactly(RunLock.hostName) }
    /// Nobody has that number here, or it is this process's own; on another host it can't be known.
    var isGone: Bool {
      isOfThisHost
        && (process <= 0 || process == getpid() || kill(process, 0) < 0 && errno == ESRCH)
    }
  }

  /// Whether somebody works in a folder, as far as can be seen from here.
  enum Use: Equatable {
    case none
    case held
    /// By a process of another host, whose lock can't be seen.
    case perhaps
  }

  static let name = ".in-use"
  /// Bytes; it has about a hundred.
  static let longest = 1 << 12

  private let path: String
  private let descriptor: Int32

  /// Takes the folder for this process.
  ///
  /// - Throws: `RunError.inUse` when another has it; `RunError.notWritable`.
  package init(_ folder: String) throws(RunError) {
    path = "\(folder)/\(Self.name)"
    descriptor = try Self.take(path, in: folder)
    let own = Holder(host: Self.hostName, process: getpid(), since: Date())
    let text = (try? JSONText.encode(own)).map { Array("\($0)\n".utf8) } ?? []
    // The text is for people, and for file systems without locks: to have the lock is enough.
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit {
    // Whoever removed it may have it again.
    if FileLock.isSame(descriptor, path) { unlink(path) }
    close(descriptor)
  }

  /// The locked file, which has its name.
  private static func take(_ path: String, in folder: String) throws(RunError) -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        throw .notWritable(folder, reason: String(cString: strerror(errno)))
      }
      let outcome = FileLock.take(descriptor)
      let holder = holder(path)
      if outcome == .held || outcome == .none && holder.map({ !$0.isGone }) ?? false {
        close(descriptor)
        throw .inUse(folder, by: holder, lock: path)
      }
      if FileLock.isSame(descriptor, path) { return descriptor }
      // Its last owner has removed the file since it was opened.
      close(descriptor)
    }
  }

  static func use(of folder: String) -> Use {
    let path = "\(folder)/\(name)"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return .none }
    defer { close(descriptor) }
    let outcome = FileLock.look(descriptor)
    guard outcome != .held else { return .held }
    guard let holder = holder(path), !holder.isGone else { return .none }
    // Of this host the lock is known, where there are locks.
    if holder.isOfThisHost { return outcome == .free ? .none : .held }
    return .perhaps
  }

  /// Who has a folder, as its lock file says, or had it when a crash left the file there; nil for nobody.
  package static func holder(of folder: String) -> Holder? { holder("\(folder)/\(name)") }

  private static func holder(_ path: String) -> Holder? {
    guard let bytes = try? InputFile(path: path).bytes(atMost: longest) else { return nil }
    return try? JSONText.decode(from: bytes)
  }

  /// This machine's, as its kernel has it.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
