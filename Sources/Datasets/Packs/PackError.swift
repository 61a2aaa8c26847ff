import Files
import Glibc

/// Why a pack can't be used. Each case names the file, or the pack's folder.
package enum PackError: UnusableInput, Equatable, CustomStringConvertible {
  /// A file of that name that is none of a pack.
  case notAShard(String)
  /// A shard where its pack is meant.
  case shardForPack(String, pack: String)
  /// It can't be read, with the reason.
  case unreadable(String, reason: String)
  /// Its writer was killed before it had finished.
  case unfinished(String)
  /// Written by another version of the program.
  case version(String, Int)
  /// Cut short, or longer than it was.
  case length(String, found: Int, expected: Int)
  /// Header or index isn't what was written.
  case changed(String)
  /// What was written makes no sense.
  case malformed(String, String)
  /// There is none of that number, but a later one.
  case missing(String, later: String)
  /// The last shard isn't there.
  case noEnd(String, shards: Int)
  /// A shard of another pack, or under another number.
  case foreign(String)
  /// A shard that isn't what rank 0 has under this path.
  case otherCopy(String)
  case onlyOneClass(String, name: String)
  /// A class without a photo to train on.
  case untrained(String, name: String)
  /// Of the folds, one that no photo has.
  case noFold(String, Int)
  /// Groups by another column than those that were packed.
  case groups(String, packed: String?, wanted: String)
  /// Photos with several labels where one is wanted, or the other way round.
  case labels(String, areSeveral: Bool)
  /// There is something else where it is to be.
  case exists(String)
  /// IDX files, to be packed.
  case isIDX
  /// A pack that would lie in the folder of its photos.
  case inside(String, photos: String)
  /// A pack that would be taken for a manifest, or that has no name.
  case name(String)
  /// What is to be packed is one already, or what is to be unpacked is none.
  case isPack(String)
  case noPack(String)
  /// Nothing is left of what was to be packed.
  case nothing(String)
  /// Two photos would be unpacked into one file.
  case sameName(String, String, file: String)
  /// There is no memory for a copy.
  case noMemory(String, bytes: Int, available: Int)
  /// Photos that are no pack were to be copied.
  case notStageable(String)
  /// A copy that an earlier start made, and that isn't whole any more.
  case damagedCopy(String, String)
  /// A photo that can't be read as it was packed, where damaged photos are left out.
  case damagedPhoto(String)

  /// Makes sure that nothing is where a pack or folder is to be, not even a link that leads nowhere.
  static func checkIsFree(_ path: String) throws(PackError) {
    var status = stat()
    if path.isEmpty { throw .name(path) }
    if lstat(path, &status) == 0 { throw .exists(path) }
  }

  /// Want of memory comes from running.
  package var isOfInput: Bool {
    if case .noMemory = self { false } else { true }
  }

  package var description: String {
    switch self {
    case .notAShard(let path): "\(path): no file of a pack, in spite of its name; move it elsewhere"
    case .shardForPack(let path, let pack): "\(path): one file of a pack; give its folder, \(pack)"
    case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
    case .unfinished(let path):
      "\(path): was never finished; remove its folder and pack the photos again"
    case .version(let path, let version):
      "\(path): of version \(version), and this tutti reads version \(PackHeader.version); pack the photos "
        + "with this one, or use the one that wrote it"
    case .length(let path, let found, let expected):
      "\(path): \(found < expected ? "cut short" : "grown"): \(found) bytes where it was written with "
        + "\(expected); copy it again"
    case .changed(let path):
      "\(path): changed since it was written: what it says of its photos doesn't fit its SHA-256; copy it again"
    case .malformed(let path, let problem):
      "\(path): not written by tutti data pack: \(problem); pack the photos again"
    case .missing(let path, let later):
      "\(path): missing, though \(Paths.name(of: later)) is there; copy it again, or move that one away if it is "
        + "not of this pack"
    case .noEnd(let path, let shards):
      "\(path): the pack goes on after its \(shards) file\(shards == 1 ? "" : "s") here; copy the others, too"
    case .foreign(let path):
      "\(path): of another pack than shard-00000, or renamed; put the files of one pack into a folder of its own"
    case .otherCopy(let path):
      "\(path): not the same as on rank 0; put the same pack on all hosts"
    case .onlyOneClass(let path, let name):
      "\(path): only one class, \(name); a classifier needs at least two"
    case .untrained(let path, let name):
      "\(path): no photo of the class \(name) to train on; pack more of it, or leave the class out"
    case .noFold(let path, let fold): "\(path): no photo has fold \(fold), but some have others"
    case .groups(let path, let packed, let wanted):
      "\(path): packed with \(packed.map { "groups by `\($0)`" } ?? "no groups"), so "
        + "data.group-by: \(wanted) can't be had; pack it again with --group-by \(Paths.shellQuoted(wanted))"
    case .labels(_, true):
      "\(labelsFound ?? ""); set data.labels: several"
    case .labels(_, false):
      "\(labelsFound ?? ""), so data.labels: several can't be had; pack the manifest again with --several-labels"
    case .exists(let path): "\(path) is there already; name another folder, or remove it"
    case .isIDX: "IDX files are packs already; train on them as they are"
    case .inside(let path, let photos):
      "\(path): inside the folder of the photos, \(photos), where it would be taken for a class; name another place"
    case .name(let path):
      path.isEmpty
        ? "the folder's name is empty; name one that isn't there yet"
        : "\(path): a name that ends in .csv is a manifest's; name another folder"
    case .isPack(let path):
      "\(path): a pack already; unpack it first (tutti data unpack), and pack what comes of it"
    case .noPack(let path): "\(path): no pack; tutti data pack makes one"
    case .nothing(let path):
      "\(path): none of its photos can be decoded, so there is nothing to pack"
    case .sameName(let first, let second, let file):
      "\(first) and \(second) would both be unpacked to \(file); rename one before packing"
    case .noMemory(let path, let bytes, let available):
      "\(path): \(bytes) bytes, but the host has \(available) of memory to spare; use data.stage: none, or a folder "
        + "on a local disk"
    case .notStageable(let path):
      "\(path): data.stage copies packs, and this is none; make one with tutti data pack "
        + "\(Paths.shellQuoted(path)) photos.pack, or set data.stage=none"
    case .damagedCopy(let path, let problem):
      "\(problem); the copy is damaged: remove it, and the next start makes another: rm -r "
        + Paths.shellQuoted(path)
    case .damagedPhoto(let problem): problem
    }
  }
}

extension PackError: OtherLabels {
  package var labelsFound: String? {
    guard case .labels(let path, let areSeveral) = self else { return nil }
    return "\(path): its photos "
      + (areSeveral ? "may have several labels each" : "have one label each")
  }
}
