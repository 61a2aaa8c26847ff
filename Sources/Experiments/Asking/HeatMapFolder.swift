import DataParallel
import Evaluation
import Files
import FoundationEssentials
import Glibc
import Images
import MPI

/// The folder of `tutti predict --heat-map`, with a PNG file for each photo. It is empty at first, so
/// that nothing is ever overwritten. A file's name begins with the photo's place among all photos,
/// from 1, so that photos of one name in several folders have files of their own.
struct HeatMapFolder {
  let path: String
  /// The paths of all photos.
  let photos: [String]

  /// Makes the folder, or finds it empty, and sees that all ranks can write there. Collective;
  /// throws on all ranks if on one.
  static func make(
    _ path: String, for photos: [String], over communicator: Communicator
  ) throws -> HeatMapFolder {
    try communicator.onFirst {
      try FileWriting.makeFolder(path)
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
        throw HeatMapError.notWritable(path, EACCES)
      }
      guard names.isEmpty else { throw HeatMapError.notEmpty(path) }
    }
    try communicator.agree {
      guard access(path, W_OK | X_OK) == 0 else { throw HeatMapError.notWritable(path, errno) }
    }
    return HeatMapFolder(path: path, photos: photos)
  }

  /// Throws `PNGError`, `FileError`.
  func write(_ map: HeatMap) throws {
    try FileWriting.replace("\(path)/\(name(ofPhoto: map.sample))", with: map.overlay.png())
  }

  /// `007-party.png` for the seventh of some hundred photos, `…/party.jpg`.
  func name(ofPhoto index: Int) -> String {
    let number = padded(index + 1, to: "\(photos.count)".count)
    let parts = Paths.name(of: photos[index]).pieces(at: ".", keepingEmpty: true)
    let stem = (parts.count > 1 ? parts.dropLast() : parts[...]).joined(separator: ".")
    // A file's name may have 255 bytes, which the photo's may have used up.
    return "\(number)-\(String(stem.unicodeScalars.prefix(50))).png"
  }
}
