import Files
import Glibc

/// A folder of several cross-validations of the same photos: `members.json` with their names, a cross-validation's
/// folder for each in `members/`, and in the end `predictions/oof.csv`, `scores.json` of all together.
package struct CrossvalSet: Sendable {
  private struct Members: Codable {
    let members: [String]
  }

  package let path: String

  package init(path: String) { self.path = Paths.withoutTrailingSlashes(path) }

  package var environment: String { "\(path)/environment.json" }
  /// What all members together say of the photos, each by models that weren't trained on them.
  package var predictions: String { "\(path)/predictions/oof.csv" }
  package var scores: String { "\(path)/scores.json" }
  /// What an ablation says of its members.
  package var ablation: String { "\(path)/ablation.json" }
  private var list: String { "\(path)/members.json" }
  /// Bytes; a name has some thirty.
  private static let longest = 1 << 20

  package func member(_ name: String) -> CrossvalFolder {
    CrossvalFolder(path: "\(path)/members/\(name)")
  }

  /// Whether it was begun here.
  package var exists: Bool { Paths.exists(list) }

  /// The members' names, in the order in which they were asked for.
  ///
  /// - Throws: `FileError`; `CrossvalError` when the file is damaged.
  package func names() throws -> [String] {
    let bytes = try InputFile(path: list).bytes(atMost: Self.longest)
    guard let found = try? JSONText.decode(Members.self, from: bytes), !found.members.isEmpty,
      found.members.allSatisfy(Self.isName),
      Set(found.members.map { ExactText($0) }).count == found.members.count
    else { throw CrossvalError.damaged(list, remedy: "restore it from a copy") }
    return found.members
  }

  /// Whether a member can be called so: it is the name of a folder, which isn't hidden.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty && !text.startsExactly(with: ".") && !text.utf8.contains(UInt8(ascii: "/"))
  }

  /// Its members' folders.
  ///
  /// - Throws: as `names`; `CrossvalError` for one that is gone.
  package func members() throws -> [CrossvalFolder] {
    try names().map { name in
      let folder = member(name)
      guard folder.exists else { throw CrossvalError.memberGone(name, of: path) }
      return folder
    }
  }

  /// Removes what was said of all members together, which doesn't hold while some of them are to be trained.
  package func removeResults() {
    unlink(predictions)
    unlink(scores)
    unlink(ablation)
    unlink("\(path)/\(RunFolder.report)")
  }

  /// Takes the folder for this process, which is made if need be. Throws `RunError`, `FileError`.
  package func take() throws -> RunLock {
    try exists ? RunLock(path) : RunFolder(path: path).make()
  }

  /// Says who its members are, all of which must have been begun.
  package func write(names: [String]) throws {
    try FileWriting.replace(list, withJSON: Members(members: names), indented: true)
    RunFolder(path: path).endBeginning()
  }
}
