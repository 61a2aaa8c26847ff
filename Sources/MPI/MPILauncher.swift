import Glibc

/// The `mpirun` that the shell would start, which has to belong to the library that the program is
/// linked with: another one starts ranks that don't find each other.
package struct MPILauncher: Codable, Sendable {
  package let path: String
  /// The first line of what it says of itself, e.g. `mpirun (Open MPI) 4.1.4`.
  package let version: String

  /// Asks the one in `PATH`; nil when there is none. To be called before MPI starts, since it
  /// forks.
  package static func find() -> MPILauncher? {
    let folders = getenv("PATH").map { String(cString: $0) } ?? ""
    let paths = folders.utf8.split(separator: UInt8(ascii: ":")).map { "\(Substring($0))/mpirun" }
    guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
    return MPILauncher(path: path, version: firstLine(of: "mpirun --version 2>/dev/null"))
  }

  /// What is wrong with it for the library, e.g. `Open MPI v4.1.4, package: …`; nil when they
  /// match.
  package func problem(forLibrary library: String) -> String? {
    guard let own = Self.number(in: version), let linked = Self.number(in: library) else {
      return "\(path) says of itself \"\(version)\", so whether it belongs to the library "
        + "\"\(library)\" can't be told"
    }
    let isSameMake = version.contains("Open MPI") == library.contains("Open MPI")
    if isSameMake && own == linked { return nil }
    return "\(path) is \"\(version)\", but tutti is linked with \"\(library)\"; put the mpirun of "
      + "that library first in PATH"
  }

  /// The first version number: `4.1.4`.
  private static func number(in text: String) -> String? {
    text.firstMatch(of: /[0-9]+\.[0-9]+(\.[0-9]+)*/).map { String($0.output.0) }
  }

  private static func firstLine(of command: String) -> String {
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, Int32(line.count), pipe) != nil else { return "" }
    return String(
      decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
