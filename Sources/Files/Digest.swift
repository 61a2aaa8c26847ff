import Crypto
import Interchange

/// A SHA-256 that grows with the bytes it is shown.
package final class Digest {
  private var hash = SHA256()

  package init() {}

  package func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

  /// What `sha256sum` prints for the bytes so far: 64 hexadecimal digits.
  package var hex: String {
    hash.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  package static func hex(of bytes: some Sequence<UInt8>) -> String {
    let digest = Digest()
    Array(bytes).withUnsafeBytes { digest.update($0) }
    return digest.hex
  }

  /// Throws `FileError`.
  package static func hex(ofFile path: String) throws -> String {
    let digest = Digest()
    try InputFile(path: path).forEachPiece { digest.update($0) }
    return digest.hex
  }
}
