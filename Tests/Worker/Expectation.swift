/// A worker's finding that something is not as it should be.
struct Unexpected: Error, CustomStringConvertible {
  let description: String
}

func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
  if !condition { throw Unexpected(description: what()) }
}

/// FNV-1a over the bytes of the values, in hexadecimal: equal bits, equal text.
func digest<T>(_ values: [T]) -> String {
  values.withUnsafeBytes { bytes in
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }
}
