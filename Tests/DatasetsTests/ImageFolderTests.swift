import Datasets
import Glibc
import Images
import Support
import Testing

@Suite struct ImageFolderTests {
  /// A folder with the given files, each holding one byte; a name ending in "/" is an empty folder.
  private func folder(_ names: [String]) throws -> Scratch {
    let folder = try Scratch()
    for name in names {
      if name.hasSuffix("/") {
        try folder.makeFolder(name)
      } else {
        try folder.write([0], to: name)
      }
    }
    return folder
  }

  @Test func `classes and samples are ordered by bytes`() throws {
    // The e is followed by an accent as a character of its own: after "z" as Unicode sees it, not by bytes.
    let folder = try folder([
      "ä/1.jpg", "e\u{301}/4.jpg", "z/2.JPG", "z/10.jpeg", "Z/3.jpg", "z/.hidden.jpg",
      "z/Thumbs.db",
      "z/notes.txt", ".cache/x.jpg", "LICENSE",
    ])
    let dataset = try Dataset.open(path: folder.path + "/")
    #expect(dataset.classes == ["Z", "e\u{301}", "z", "ä"])
    #expect(
      dataset.samples.map(\.path) == [
        "Z/3.jpg", "e\u{301}/4.jpg", "z/10.jpeg", "z/2.JPG", "ä/1.jpg",
      ])
    #expect(dataset.samples.map(\.label) == [0, 1, 2, 2, 3])
    #expect(dataset.samples.allSatisfy { $0.split == nil && $0.bytes == 1 })
    #expect(dataset.channels == 3)
    #expect(dataset.imageSize == nil)
  }

  @Test(arguments: ["val", "validation", "valid", "dev", "Validation", "VAL"])
  func `folders train, test and validation are the splits`(validation: String) throws {
    let folder = try folder([
      "test/a/1.jpg", "test/b/2.jpg", "train/a/3.jpg", "train/b/4.jpg", "\(validation)/a/5.jpg",
      "\(validation)/b/6.jpg", "README.md",
    ])
    let dataset = try Dataset.open(path: folder.path)
    #expect(dataset.classes == ["a", "b"])
    #expect(
      dataset.samples.map(\.split) == [.train, .train, .validation, .validation, .test, .test])
    #expect(
      dataset.samples.map(\.path) == [
        "train/a/3.jpg", "train/b/4.jpg", "\(validation)/a/5.jpg", "\(validation)/b/6.jpg",
        "test/a/1.jpg", "test/b/2.jpg",
      ])
  }

  @Test func `splits may be written large`() throws {
    let folder = try folder(["Test/a/1.jpg", "Test/b/2.jpg", "Train/a/3.jpg", "Train/b/4.jpg"])
    let dataset = try Dataset.open(path: folder.path)
    #expect(dataset.samples.map(\.split) == [.train, .train, .test, .test])
    #expect(dataset.samples[0].path == "Train/a/3.jpg")
  }

  @Test func `names that look the same are told, with how to rename one`() throws {
    let (one, other) = ("caf\u{E9}", "cafe\u{301}")
    for names in [
      ["\(one)/1.jpg", "\(other)/2.jpg"],
      ["train/\(one)/1.jpg", "train/b/2.jpg", "val/\(other)/3.jpg", "val/b/4.jpg"],
      ["awe/1.jpg", "awe /2.jpg"],
    ] {
      let folder = try folder(names)
      let error = #expect(throws: FolderError.self) { try Dataset.open(path: folder.path) }
      guard case .lookAlikes = error else {
        Issue.record("\(error as Any)")
        return
      }
      #expect(error?.description.contains("here: mv ") == true)
    }
  }

  @Test func `an accent on a space is no white space`() throws {
    let folder = try folder(["a b/1.jpg", "a \u{301}b/2.jpg"])
    #expect(try Dataset.open(path: folder.path).classes.count == 2)
  }

  @Test func `a class may be called train`() throws {
    let folder = try folder(["plane/1.jpg", "train/2.jpg"])
    #expect(try Dataset.open(path: folder.path).classes == ["plane", "train"])
  }

  @Test func `list bytes tell lists apart`() throws {
    let folder = try folder(["a/1.jpg", "b/2.jpg"])
    let list = try Dataset.open(path: folder.path).listBytes
    #expect(
      String(decoding: list, as: UTF8.self)
        == "2\0a\0b\0a/1.jpg\0" + "0\0-\0" + "1\0-\0\0b/2.jpg\0" + "1\0-\0" + "1\0-\0\0")
    try folder.write([0, 0], to: "b/2.jpg")
    #expect(try Dataset.open(path: folder.path).listBytes != list)
  }

  @Test(arguments: [
    ([], "ROOT: no class folders"),
    (["1.jpg"], "ROOT: no class folders"),
    (["train/1.jpg", "test/2.jpg"], "ROOT/train: no class folders"),
    (["a/1.jpg"], "ROOT: only one class, a;"),
    (["a/1.jpg", "b/"], "ROOT/b: no photos"),
    (["a/1.jpg", "b/notes.txt"], "ROOT/b: no photos"),
    (["a/1.jpg", "b/c/2.jpg"], "ROOT/b/c: a folder inside a class folder"),
    (["a/1.jpg", "b/2.HEIC"], "ROOT/b/2.HEIC: a HEIC image, no JPEG, PNG or WebP; convert"),
    (
      ["a/1.jpg", "b/2.gif", "b/3.bmp"],
      "ROOT/b/2.gif: a GIF image, no JPEG, PNG or WebP (2 such files"
    ),
    (["test/a/1.jpg", "val/a/2.jpg"], "ROOT: validation or test folders, but no ROOT/train"),
    (
      ["train/a/1.jpg", "val/a/2.jpg", "validation/a/3.jpg"], "ROOT/val and ROOT/validation: two"
    ),
    (["train/a/1.jpg", "train/b/1.jpg", "other/a/2.jpg"], "ROOT/other: beside folders of splits"),
    (["photos/a/1.jpg", "photos/b/2.jpg"], "ROOT: the only folder in it, photos, has folders"),
    (["photos/train/a/1.jpg"], "ROOT: the only folder in it, photos, has folders"),
    (
      ["train/a/1.jpg", "train/b/1.jpg", "test/a/1.jpg", "test/B/1.jpg"],
      "ROOT/test: not the class folders of train: it lacks b; train lacks B;"
    ),
    (["train/a/1.jpg", "test/a/1.jpg"], "ROOT: only one class, a;"),
    (["train/a/1.jpg", "train/b/1.jpg", "test/a/1.jpg", "test/b/"], "ROOT/test/b: no photos"),
  ])
  func `what is wrong with a folder is told`(names: [String], start: String) throws {
    let folder = try folder(names)
    let error = #expect(throws: FolderError.self) { try Dataset.open(path: folder.path) }
    let text = error?.description ?? ""
    #expect(
      text.hasPrefix(
        start.split(separator: "ROOT", omittingEmptySubsequences: false)
          .joined(separator: folder.path)))
    #expect(!text.contains("\n"))
  }

  @Test(
    arguments: [
      (["a/1.jpg"], ["a"], [nil]),
      (["test/a/1.jpg"], ["a"], [.test]),
      (
        ["test/b/1.jpg", "test/a/2.jpg", "val/c/3.jpg"], ["a", "b", "c"],
        [.validation, .test, .test]
      ),
      (
        ["train/a/1.jpg", "train/b/2.jpg", "test/B/3.jpg"], ["B", "a", "b"],
        [.train, .train, .test]
      ),
    ] as [([String], [String], [Split?])])
  func `a trained model may be asked of any classes and splits`(
    names: [String], classes: [String], splits: [Split?]
  ) throws {
    let folder = try folder(names)
    let dataset = try Dataset.open(path: folder.path, demanding: .files)
    #expect(dataset.classes == classes)
    #expect(dataset.samples.map(\.split) == splits)
    for (sample, split) in zip(dataset.samples, splits) where split != nil {
      #expect(sample.path.contains("/\(classes[sample.label])/"))
    }
    let trains = splits.contains { $0 == nil || $0 == .train }
    let cut = try dataset.split(validation: trains ? 0 : 0.4, test: 0, seed: 1)
    #expect(cut.test == splits.indices.filter { splits[$0] == .test })
  }

  @Test func `classes of two splits that look the same are told whatever is asked`() throws {
    let folder = try folder(["val/caf\u{E9}/1.jpg", "test/cafe\u{301}/2.jpg"])
    #expect(
      throws: FolderError.lookAlikes(
        "\(folder.path)/test/cafe\u{301}", "\(folder.path)/val/caf\u{E9}")
    ) { try Dataset.open(path: folder.path, demanding: .files) }
  }

  @Test func `conversion is a command to copy`() throws {
    let folder = try folder(["my cats/1.gif", "dogs/2.jpg"])
    let error = #expect(throws: FolderError.self) { try Dataset.open(path: folder.path) }
    let files = "'\(folder.path)/my cats'/*.gif"
    #expect(error?.description.hasSuffix("mogrify -format jpg \(files) && rm \(files)") == true)
  }

  @Test func `photos beside class folders have no class, and that is said`() throws {
    let flat = try folder(["1.jpg", "cats/2.jpg", "dogs/3.jpg", "notes.txt"])
    let dataset = try Dataset.open(path: flat.path)
    #expect(dataset.samples.count == 2)
    #expect(
      dataset.notes.map(\.text) == [
        "1 photo lies beside the class folders and so has no class, such as \(flat.path)/1.jpg"
      ])
    let split = try folder(["train/a/1.jpg", "train/b/2.jpg", "train/x.PNG", "train/y.jpg"])
    #expect(
      try Dataset.open(path: split.path).notes.map(\.text).first?.hasPrefix("2 photos lie") == true)
  }

  @Test func `a folder that isn't there is named`() {
    #expect(throws: FolderError.missing("/nowhere/photos")) {
      try Dataset.open(path: "/nowhere/photos")
    }
  }

  @Test func `a file isn't a folder`() throws {
    let folder = try folder(["a"])
    #expect(throws: FolderError.notAFolder("\(folder.path)/a")) {
      try Dataset.open(path: "\(folder.path)/a")
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `a folder that can't be read is named`() throws {
    let folder = try folder(["a/1.jpg", "b/2.jpg"])
    chmod("\(folder.path)/b", 0)
    defer { chmod("\(folder.path)/b", 0o755) }
    #expect(throws: FolderError.unreadable("\(folder.path)/b", reason: "Permission denied")) {
      try Dataset.open(path: folder.path)
    }
  }

  @Test func `a name that isn't UTF-8 is told`() throws {
    let folder = try folder(["a/1.jpg", "b/2.jpg"])
    let file = ("\(folder.path)/b/".utf8CString.dropLast() + [CChar(bitPattern: 0xE4), 0])
    fclose(file.withUnsafeBufferPointer { fopen($0.baseAddress, "w") })
    #expect(throws: FolderError.nameNotUTF8("\(folder.path)/b", name: "\u{FFFD}")) {
      try Dataset.open(path: folder.path)
    }
  }

  @Test func `images are decoded from the folder`() throws {
    let dataset = try Dataset.open(path: "\(Golden.folder)/photos")
    #expect(dataset.classes == ["cross", "disc", "stripes"])
    #expect(
      dataset.classes.indices.map { label in dataset.samples.count { $0.label == label } }
        == [9, 14, 7])
    for index in dataset.samples.indices {
      let image = try dataset.image(index)
      #expect((36..<45).contains(image.width) && (32..<41).contains(image.height))
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `what is no file is a photo that can't be read, and nobody waits for it`() throws {
    let folder = try folder(["a/1.jpg", "b/2.jpg"])
    let dataset = try Dataset.open(path: folder.path)
    let path = "\(folder.path)/b/2.jpg"
    unlink(path)
    #expect(mkfifo(path, 0o644) == 0)
    #expect(symlink("/dev/zero", "\(folder.path)/b/3.jpg") == 0)
    #expect(symlink("/dev/zero", "\(folder.path)/b/4.jpg") == 0)
    let error = PhotoError.unreadable(
      path: path, reason: "it is not a file but a folder, a pipe or a device")
    #expect(throws: error) { try dataset.image(1) }
    #expect(throws: error) { try dataset.checkHeaders(1..<2) }
    let spoilt = try Dataset.open(path: folder.path)
    #expect(spoilt.samples.map(\.bytes) == [1, 0, 0, 0])
    for index in 1...3 {
      #expect(
        spoilt.check(index).problem
          == "can't be read: it is not a file but a folder, a pipe or a device")
    }
  }

  @Test func `a sparse file of a terabyte isn't read`() throws {
    let folder = try folder(["a/1.jpg", "b/2.jpg"])
    let path = "\(folder.path)/b/2.jpg"
    #expect(truncate(path, 1 << 40) == 0)
    let dataset = try Dataset.open(path: folder.path)
    #expect(throws: PhotoError.overlong(path: path, bytes: 1 << 40)) { try dataset.image(1) }
    #expect(throws: PhotoError.overlong(path: path, bytes: 1 << 40)) {
      try dataset.checkHeaders(1..<2)
    }
  }

  @Test func `a photo that vanished is named`() throws {
    let folder = try folder(["a/1.jpg", "b/2.jpg"])
    let dataset = try Dataset.open(path: folder.path)
    unlink("\(folder.path)/b/2.jpg")
    #expect(
      throws: PhotoError.unreadable(
        path: "\(folder.path)/b/2.jpg", reason: "No such file or directory")
    ) { try dataset.image(1) }
  }
}
