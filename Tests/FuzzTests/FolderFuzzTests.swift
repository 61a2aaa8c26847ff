import Datasets
import Foundation
import Glibc
import Testing

@Suite struct FolderFuzzTests {
  /// The input is what a folder holds: a path a line, a folder with a slash at its end, and a link with
  /// `>` before what it leads to, as seen from the root.
  @Test func `a folder is read, or refused with what is wrong`() throws {
    let root = FileManager.default.temporaryDirectory.path + "/tutti-folders-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let seeds = [
      "cat/1.jpg\ncat/2.JPG\ndog/1.jpeg\n.hidden/x\nREADME\n",
      "train/cat/1.jpg\ntrain/dog/2.jpg\nval/cat/3.jpg\nval/dog/4.jpg\n",
      "cat/1.jpg\ndog/2.jpg>cat/1.jpg\ndog/3.jpg>nowhere.jpg\nemu>cat\nloop/a>.\n",
      "caf\u{E9}/1.jpg\ncafe\u{301}/1.jpg\na b/\u{1B}[2J.jpg\n\"\u{301}/'.jpg\n",
    ]
    try Fuzzing.run(
      "folder", seeds: seeds.dropLast(2).map { Array($0.utf8) },
      words: (seeds + ["/", "..", ">", "test/", "valid/", "\u{301}"]).map { Array($0.utf8) }
    ) { input in
      try? FileManager.default.removeItem(atPath: root)
      #expect(mkdir(root, 0o755) == 0)
      for line in input.split(separator: 0x0A) { make(line, in: root) }
      _ = try? Dataset.photos(at: [root])
      let dataset = try Dataset.open(path: root)
      #expect(try Dataset(list: dataset.listBytes, root: root).listBytes == dataset.listBytes)
      guard let splits = try? dataset.split(validation: 0.2, test: 0.1, seed: 1) else { return }
      _ = try dataset.manifest(splits, folds: nil, at: "\(root)/m.csv")
    }
  }

  /// Whatever of it the file system takes, and nothing outside the folder.
  private func make(_ line: ArraySlice<UInt8>, in root: String) {
    let (slash, arrow) = (UInt8(ascii: "/"), UInt8(ascii: ">"))
    func path(_ names: some Sequence<ArraySlice<UInt8>>) -> [CChar] {
      (Array(root.utf8) + names.flatMap { [slash] + $0 } + [0]).map { CChar(bitPattern: $0) }
    }
    let ends = line.split(separator: arrow, maxSplits: 1).map { $0.split(separator: slash) }
    let leadsOut = ends.joined().contains { $0.elementsEqual("..".utf8) || $0.contains(0) }
    guard let names = ends.first, !leadsOut else { return }
    for count in names.indices.dropFirst() { mkdir(path(names[..<count]), 0o755) }
    if ends.count > 1 {
      symlink(path(ends[1]), path(names))
    } else if line.last == slash {
      mkdir(path(names), 0o755)
    } else {
      let file = open(path(names), O_CREAT | O_EXCL | O_WRONLY, 0o644)
      if file >= 0 { close(file) }
    }
  }
}
