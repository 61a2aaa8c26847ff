import Files
import FoundationEssentials

/// The host's JPEG decoder, known by what it makes of a photo: libraries of other makers and versions
/// round a pixel differently here and there, and no version number tells.
package enum JPEGLibrary {
  /// 21 × 19 pixels with halved colours, whose upsampling is where decoders differ most.
  private static let photo = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQ
    c1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk
    pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAATABUDASIAAhEBAxEB/8QAGAABAAMBAAAAAAAAAAAAAAAA
    AAIDBQT/xAAmEAACAQMDAgcBAAAAAAAAAAABAgADBBEFEiETIjEyQVFhcYGx/8QAGAEAAgMAAAAAAAAAAAAAAAAA
    AgMBBAX/xAAhEQABAwQBBQAAAAAAAAAAAAABAAIDBBESIYETMmFx8P/aAAwDAQACEQMRAD8Ax7ejvP7NK3sS2Dj2
    9JTpybsTSaq/U6FDtxwzD+CPleL6KONzr4hQqWlC3CitURCRwDEovRQoVBSYMzAZIUeX7iKFO14yyKiSsla4tbsf
    eVHRhnbOnT+y2d14ZUYg/OIiU5Ts8Io+48Ki3RW3kqPHEREZcrKmJ6jva//Z
    """

  /// "pixels " and the first 12 digits of their SHA-256, or why there are none.
  package static let description: String = {
    let bytes = Data(base64Encoded: photo, options: .ignoreUnknownCharacters) ?? Data()
    do {
      let image = try Image(jpeg: Array(bytes), path: "test")
      return "pixels \(Digest.hex(of: image.pixels).prefix(12))"
    } catch {
      return "\(error)"
    }
  }()
}
