import Files
import Glibc
import Images

/// One file of a pack, open, whose header has been read.
final class PackFile: Sendable {
  /// What it is called, also where it is opened as a copy in memory.
  let path: String
  let header: PackHeader
  private let file: InputFile

  init(_ path: String, openedAs place: String? = nil) throws(PackError) {
    do {
      file = try InputFile(path: place ?? path)
      guard file.size >= PackHeader.length else {
        throw PackError.length(path, found: file.size, expected: PackHeader.length)
      }
      header = try PackHeader(
        try file.bytes(in: 0..<PackHeader.length), of: path, fileBytes: file.size)
    } catch let error as PackError {
      throw error
    } catch {
      throw .unreadable(path, reason: Self.reason(error))
    }
    self.path = path
  }

  var bytes: Int { file.size }

  /// Its index as it is in the file.
  func index() throws(PackError) -> [UInt8] {
    do {
      return try read(header.indexPlace..<(header.indexPlace + header.indexBytes))
    } catch {
      throw .unreadable(path, reason: Self.reason(error))
    }
  }

  /// One call of the system.
  func read(_ range: Range<Int>) throws -> [UInt8] { try file.bytes(in: range) }

  static func reason(_ error: any Error) -> String {
    guard let error = error as? FileError else { return "\(error)" }
    switch error.code {
    case ENODATA: return "it became shorter while it was read"
    case EINVAL: return FileSystem.notAFile
    case EMFILE: return "\(error.cause); raise ulimit -n, or pack with a larger --shard-size"
    default: return error.cause
    }
  }
}

/// One file of a pack, and where its photos are.
struct PackShard: Sendable {
  let file: PackFile
  /// The place of its first photo among the pack's.
  let first: Int
  /// Where each photo begins, and the last one ends.
  private let places: [Int]
  private let digests: [UInt8]

  var photos: Range<Int> { first..<(first + places.count - 1) }

  init(_ file: PackFile, _ index: PackIndex, first: Int) {
    self.file = file
    self.first = first
    digests = index.digests
    var places = [PackHeader.length]
    places.reserveCapacity(index.list.samples.count + 1)
    for sample in index.list.samples { places.append(places[places.count - 1] + sample.bytes) }
    self.places = places
  }

  /// What was packed of a photo, by its place among the pack's: read by one call of the system, and compared
  /// with its SHA-256.
  ///
  /// - Parameter name: names the photo in errors.
  /// - Throws: `PhotoError`.
  func contents(of photo: Int, named name: () -> String) throws(PhotoError) -> [UInt8] {
    let place = photo - first
    let bytes: [UInt8]
    do {
      bytes = try file.read(places[place]..<places[place + 1])
    } catch {
      throw .unreadable(path: name(), reason: PackFile.reason(error))
    }
    guard digest(of: photo).elementsEqual(Digest.bytes(of: bytes)) else {
      throw .changedInPack(path: name(), shard: file.path)
    }
    return bytes
  }

  /// The first bytes of a photo, unchecked.
  func start(of photo: Int, _ count: Int) throws -> [UInt8] {
    let place = places[photo - first]
    return try file.read(place..<(place + count))
  }

  func digest(of photo: Int) -> ArraySlice<UInt8> {
    let start = (photo - first) * PackIndex.digestBytes
    return digests[start..<(start + PackIndex.digestBytes)]
  }
}
