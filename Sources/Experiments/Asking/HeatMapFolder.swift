import Checkpoints
import Datasets
import Evaluation
import FoundationEssentials
import Glibc
import Interchange
import MPI

/// The folder of `tutti predict --heat-map`, with a PNG file for each photo. It is empty at first, so
/// that nothing is ever overwritten. A file's name begins with the photo's place among all photos,
/// from 1, so that photos of one name in several folders have files of their own.
struct HeatMapFolder {
  private let path: String
  private let photos: [String]

  /// Makes the folder, or finds it empty, and sees that all ranks can write there. Collective;
  /// throws on all ranks if on one.
  ///
  /// - Parameter photos: the paths of all photos.
  init(_ path: String, for photos: [String], over communicator: Communicator) throws {
    self.path = path
    self.photos = photos
    try communicator.agree(isShared: true) {
      guard communicator.rank == 0 else { return }
      try FileWriting.makeFolder(path)
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
        throw HeatMapError.notWritable(path, EACCES)
      }
      guard names.isEmpty else { throw HeatMapError.notEmpty(path) }
    }
    try communicator.agree {
      guard access(path, W_OK | X_OK) == 0 else { throw HeatMapError.notWritable(path, errno) }
    }
  }

  /// Throws `PNGError`, `FileError`.
  func write(_ map: HeatMap) throws {
    try FileWriting.replace("\(path)/\(name(ofPhoto: map.sample))", with: map.overlay.png())
  }

  /// `007-party.png` for the seventh of some hundred photos, `…/party.jpg`.
  func name(ofPhoto index: Int) -> String {
    let (number, last) = ("\(index + 1)", "\(photos.count)")
    let zeros = String(repeating: "0", count: last.count - number.count)
    let file = photos[index].split(separator: "/").last ?? ""
    let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
    // A file's name may have 255 bytes, which the photo's may have used up.
    return "\(zeros)\(number)-\(String(stem.unicodeScalars.prefix(50))).png"
  }
}

/// Why heat maps can't be made.
package enum HeatMapError: Error, Equatable, CustomStringConvertible {
  case notEmpty(String)
  /// The system's `errno`.
  case notWritable(String, Int32)
  /// Two models that see different parts of a photo.
  case crops(String, String)

  package var description: String {
    switch self {
    case .notEmpty(let path):
      "\(path) has files in it already; name another folder with --heat-map, or empty this one"
    case .notWritable(let path, let code):
      "\(path) can't be written to: \(String(cString: strerror(code))); heat maps need a folder that "
        + "all hosts share and may write to"
    case .crops(let one, let other):
      "\(one) and \(other) look at other parts of a photo (crop), so their heat maps can't be laid over "
        + "each other; ask one model at a time"
    }
  }
}
