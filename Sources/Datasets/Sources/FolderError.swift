import Files
import Images

/// Why a folder is not a usable dataset. Paths start with the folder that was asked for.
package enum FolderError: UnusableInput, Equatable, CustomStringConvertible {
  case missing(String)
  case notAFolder(String)
  case unreadable(String, reason: String)
  case nameNotUTF8(String, name: String)
  case noClasses(String)
  case onlyOneClass(String, name: String)
  case emptyClass(String)
  /// Neither in the folder nor below it.
  case noPhotos(String)
  /// A file of a pack, whose folder is meant.
  case shard(String, pack: String)
  /// A pattern of paths.
  case noMatch(String)
  /// A link to what isn't there, behind which a class or photos may have been.
  case deadLink(String)
  /// A folder inside a class folder.
  case nestedFolder(String)
  /// Images in class folders that aren't read, by their names.
  case otherFormats(count: Int, first: String, format: String)
  case noTrainFolder(String)
  /// Two folders for one split, such as `val` and `validation`.
  case sameSplit(String, String)
  /// A folder beside `train/` that is no split.
  case notASplit(String)
  /// The only folder, which has folders of its own.
  case folderAround(String, inner: String)
  /// Folders whose names look the same, in one folder or in those of two splits.
  case lookAlikes(String, String)
  /// A photo that is the same file as an earlier one, and how many such photos there are.
  case sameFile(String, String, count: Int)
  /// Classes that one split has and `train/` lacks, or the other way round.
  case classesDiffer(split: String, missing: [String], unknown: [String])

  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no such folder; check the path of the photos"
    case .notAFolder(let path):
      "\(path): neither a folder with one folder of photos for each class, nor a manifest (.csv), nor a pack"
    case .unreadable(let path, let reason):
      "\(path): can't be read: \(reason)"
    case .nameNotUTF8(let folder, let name):
      "\(folder): the name \"\(name)\" is not UTF-8; rename it (convmv does many at once)"
    case .noClasses(let path):
      "\(path): no class folders; photos must lie in one folder for each class, e.g."
        + " \(path)/cat/1.jpg and \(path)/dog/2.jpg"
    case .onlyOneClass(let path, let name):
      "\(path): only one class, \(name); a classifier needs at least two class folders"
    case .emptyClass(let path):
      "\(path): no photos (.jpg, .jpeg, .png, .webp) in this class folder; add some or remove the folder"
    case .noPhotos(let path):
      "\(path): no photos (.jpg, .jpeg, .png, .webp) in this folder or below it"
    case .shard(let path, let pack):
      "\(path): one file of a pack; give its folder, \(pack)"
    case .noMatch(let pattern):
      "\(pattern): matches no file or folder"
    case .deadLink(let path):
      "\(path): a link that leads nowhere; mend or remove it"
    case .nestedFolder(let path):
      "\(path): a folder inside a class folder; photos must lie directly in their class's folder"
    case .otherFormats(let count, let first, let format):
      "\(first): a \(format) image, no JPEG, PNG or WebP"
        + "\(count > 1 ? " (\(count) such files in all)" : ""); \(PhotoError.conversion(ofFolderWith: first))"
    case .noTrainFolder(let path):
      "\(path): validation or test folders, but no \(path)/train"
    case .sameSplit(let first, let second):
      "\(first) and \(second): two folders for the same split; join them"
    case .notASplit(let path):
      "\(path): beside folders of splits, but none by its name; if its photos are for training, validation or"
        + " test, call it train, validation or test, or else move it elsewhere"
    case .folderAround(let root, let inner):
      "\(root): the only folder in it, \(inner), has folders of its own; are these the classes? Then give "
        + "\(root)/\(inner)"
    case .lookAlikes(let first, let second):
      "\(first) and \(second): the names look the same, but their spaces or accents are written otherwise"
        + " (Unicode's NFC and NFD); give both one name, here: \(Self.joining(second, first))"
    case .sameFile(let first, let second, let count):
      "\(second): the same file as \(first)\(count > 1 ? " (\(count) such photos in all)" : "");"
        + " remove one of the two, or a model is tested on what it was trained on"
    case .classesDiffer(let split, let missing, let unknown):
      "\(split): not the class folders of train:"
        + (missing.isEmpty ? "" : " it lacks \(few(missing));")
        + (unknown.isEmpty ? "" : " train lacks \(few(unknown));")
        + " give both the same folders"
    }
  }

  /// The command that gives a class the name of another: into that, if both lie in one folder.
  private static func joining(_ second: String, _ first: String) -> String {
    let folder = Paths.folder(of: second)
    let (old, new) = (
      Paths.shellQuoted(second), Paths.shellQuoted(Paths.path(Paths.name(of: first), below: folder))
    )
    return folder.isExactly(Paths.folder(of: first))
      ? "mv -n \(old)/* \(new)/ && rmdir \(old)" : "mv \(old) \(new)"
  }
}
