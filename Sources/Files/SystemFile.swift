import Glibc

/// Files of /proc and /sys, whose length the system gives as 0.
package enum SystemFile {
  /// What the file says; nil where there is none.
  package static func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { return String(decoding: text, as: UTF8.self) }
      text += piece[..<count]
    }
  }

  /// The bytes that a line such as `VmHWM:  1234 kB` names; nil where there is no such line.
  package static func bytes(_ name: String, in path: String) -> Int? {
    for line in text(path)?.split(separator: "\n") ?? [] {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words.count > 1, words[0] == "\(name):" { return Int(words[1]).map { $0 * 1024 } }
    }
    return nil
  }

  /// What the system could still give; nil where it doesn't tell.
  package static var availableMemory: Int? { bytes("MemAvailable", in: "/proc/meminfo") }

  /// What the machine has; nil where it doesn't tell.
  package static var totalMemory: Int? { bytes("MemTotal", in: "/proc/meminfo") }
}
