import CCrypto

/// A SHA-256 that grows with the bytes it is shown, by the system's libcrypto.
///
/// Every host that mpirun reaches by ssh has that library, and its code knows the CPU's own
/// instructions.
package final class Digest {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto gives no SHA-256; is memory left?")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package func update(_ bytes: UnsafeRawBufferPointer) {
    let code = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(code == 1, "libcrypto refuses \(bytes.count) bytes")
  }

  /// What `sha256sum` prints for the bytes so far: 64 hexadecimal digits.
  package var hex: String { Self.hex(bytes) }

  /// Two digits for each byte.
  package static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  /// The same as 32 bytes.
  package var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    // The digest may still grow, so a copy is brought to its end.
    let copy = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(copy) }
    let code =
      EVP_MD_CTX_copy_ex(copy, context) == 1 ? EVP_DigestFinal_ex(copy, &bytes, nil) : 0
    precondition(code == 1, "libcrypto can't end a SHA-256; is memory left?")
    return bytes
  }

  package static func bytes(of bytes: [UInt8]) -> [UInt8] {
    let digest = Digest()
    bytes.withUnsafeBytes { digest.update($0) }
    return digest.bytes
  }

  package static func hex(of bytes: some Sequence<UInt8>) -> String {
    hex(self.bytes(of: Array(bytes)))
  }

  /// Throws `FileError`.
  package static func hex(ofFile path: String) throws -> String {
    let digest = Digest()
    try InputFile(path: path).forEachPiece { digest.update($0) }
    return digest.hex
  }
}
