import Glibc

/// What the process has of the machine's memory.
enum ProcessMemory {
  /// From here on, the worst moment is sought anew, where the system can forget it.
  static func forgetPeak() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  /// Bytes resident at the worst moment since the program was started, or since `forgetPeak`; 0 where the system doesn't tell.
  ///
  /// `VmHWM`, since `getrusage` also counts what the process was before `exec`.
  static var peakBytes: Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let words = text.split { $0 == " " || $0 == "\t" }
      if words.count > 1, words[0] == "VmHWM:" { return (Int(words[1]) ?? 0) * 1024 }
    }
    return 0
  }
}
