import Files
import FoundationEssentials

/// The host's decoders of JPEG and WebP, known by what they make of a photo: libraries of other makers and
/// versions round a pixel differently here and there, and no version number tells. PNG leaves nothing to
/// round.
package enum LossyLibraries {
  /// 21 × 19 pixels with halved colours, whose upsampling is where decoders differ most.
  private static let jpegPhoto = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQ
    c1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk
    pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAATABUDASIAAhEBAxEB/8QAGAABAAMBAAAAAAAAAAAAAAAA
    AAIDBQT/xAAmEAACAQMDAgcBAAAAAAAAAAABAgADBBEFEiETIjEyQVFhcYGx/8QAGAEAAgMAAAAAAAAAAAAAAAAA
    AgMBBAX/xAAhEQABAwQBBQAAAAAAAAAAAAABAAIDBBESIYETMmFx8P/aAAwDAQACEQMRAD8Ax7ejvP7NK3sS2Dj2
    9JTpybsTSaq/U6FDtxwzD+CPleL6KONzr4hQqWlC3CitURCRwDEovRQoVBSYMzAZIUeX7iKFO14yyKiSsla4tbsf
    eVHRhnbOnT+y2d14ZUYg/OIiU5Ts8Io+48Ki3RW3kqPHEREZcrKmJ6jva//Z
    """
  /// The same.
  private static let webpPhoto = """
    UklGRsYAAABXRUJQVlA4ILoAAADQBQCdASoVABMAPu1mqk2ppaQiMAgBMB2JbACdMoR/gIHy/soAEkzGrAaN4rPO
    Lu5bZwXqfu5gAP7w33opQqE7wcWti721o0klKKN65r2fi1z01mM9o8QiC3uJF5PUqfuauiIaLXI81fleqPmb4fKb
    5BXvXaubAaZaELXR0mO0c0n72kxs2T1J4Dz62nwEGO8EaSyH9O2QY9wKtypGO/TLxcsZ/37+F7m3XFrhO0UjheVU
    b5vppS4AAAA=
    """

  /// "pixels " and the first 12 digits of their SHA-256, or why there are none.
  package static let jpeg = description(of: jpegPhoto)
  package static let webp = description(of: webpPhoto)

  private static func description(of photo: String) -> String {
    let bytes = Data(base64Encoded: photo, options: .ignoreUnknownCharacters) ?? Data()
    do {
      let image = try Image(photo: Array(bytes), path: "test")
      return "pixels \(Digest.hex(of: image.pixels).prefix(12))"
    } catch {
      return "\(error)"
    }
  }
}
