import Glibc
import Support
import Testing
@testable import Datasets

@Suite struct ManifestTests {
  /// A folder with photos/0.jpg … photos/29.jpg, each a byte long, and the manifest.
  private func folder(_ manifest: String) throws -> Scratch {
    let folder = try Scratch()
    for index in 0..<30 { try folder.write([0], to: "photos/\(index).jpg") }
    try folder.write(manifest.utf8, to: "m.csv")
    return folder
  }

  private func dataset(_ manifest: String, groupBy: String? = nil) throws -> Dataset {
    let folder = try folder(manifest)
    return try Dataset.open(path: "\(folder.path)/m.csv", groupBy: groupBy)
  }

  @Test func `all columns are read, in any order`() throws {
    let folder = try folder(
      """
      fold,label,note,path,split,group
      1,dog,x,photos/2.jpg,train,ann
      0,dog,,./photos//10.jpg,val,
      0,"cat, wild",,photos/1.jpg,train,bob
      ,dog,,photos/3.jpg,test,eve
      """)
    let dataset = try Dataset.open(path: "\(folder.path)/m.csv")
    #expect(dataset.classes == ["cat, wild", "dog"])
    #expect(dataset.samples.map(\.path) == (["1", "10", "2", "3"].map { "photos/\($0).jpg" }))
    #expect(dataset.samples.map(\.label) == [0, 1, 1, 1])
    #expect(dataset.samples.map(\.split) == [.train, .validation, .train, .test])
    #expect(dataset.samples.map(\.group) == ["bob", nil, "ann", "eve"])
    #expect(dataset.samples.map(\.fold) == [0, 0, 1, nil])
    #expect(dataset.samples.allSatisfy { $0.bytes == 1 })
    #expect(dataset.channels == 3)
  }

  @Test func `the order of lines, a byte order mark and CRLF change nothing`() throws {
    let lines = (0..<20).map { "photos/\($0).jpg,\($0 % 2 == 0 ? "a" : "b")" }
    func listed(_ lines: [String], separator: String) throws -> [UInt8] {
      try dataset((["\u{FEFF}path,label"] + lines).joined(separator: separator)).listBytes
    }
    #expect(
      try listed(lines, separator: "\n") == listed(lines.reversed(), separator: "\r\n"))
  }

  @Test func `paths may be absolute`() throws {
    let folder = try folder("")
    try folder.write(
      "path,label\n\(folder.path)/photos/1.jpg,a\nphotos/2.jpg,b\n".utf8, to: "list.CSV")
    let dataset = try Dataset.open(path: "\(folder.path)/list.CSV")
    #expect(dataset.file(of: 0) == "\(folder.path)/photos/1.jpg")
    #expect(dataset.file(of: 1) == "\(folder.path)/photos/2.jpg")
  }

  @Test func `any column may be the groups`() throws {
    let text = "path,label,photographer,group\nphotos/1.jpg,a,ann,x\nphotos/2.jpg,b,bob,x\n"
    #expect(try dataset(text).samples.map(\.group) == ["x", "x"])
    #expect(try dataset(text, groupBy: "photographer").samples.map(\.group) == ["ann", "bob"])
  }

  @Test func `groups and folds are part of the list`() throws {
    func bytes(_ column: String, _ value: String) throws -> [UInt8] {
      try dataset("path,label,\(column)\nphotos/1.jpg,a,\(value)\nphotos/2.jpg,b,1\n").listBytes
    }
    #expect(try bytes("group", "x") != bytes("group", "y"))
    #expect(try bytes("fold", "0") != bytes("group", "0"))
  }

  private static let many = (0..<12).map { "photos/\($0).jpg,awe\n" }.joined()

  @Test(arguments: [
    ("", "m.csv: an empty file"),
    ("path,label\n", "m.csv: no photos"),
    ("path,lable\n1,a\n", "m.csv:1: unknown column `lable`; did you mean `label`?"),
    ("file,class\n1,a\n", "m.csv:1: the columns are file, class, but path and label are needed"),
    ("path,label,path\n1,a,1\n", "m.csv:1: two columns are called `path`"),
    ("path;label\n1;a\n", "m.csv:1: columns are separated by semicolons"),
    ("path\tlabel\n1\ta\n", "m.csv:1: columns are separated by tabs"),
    ("path,label\nphotos/1.jpg,cat, wild\n", "m.csv:2: 3 fields where the first line has 2"),
    ("path,label\nphotos/1.jpg\n", "m.csv:2: 1 fields where the first line has 2"),
    ("path,label\n,a\n", "m.csv:2: no path"),
    (
      "path,label\nphotos/1.jpg,\n",
      "m.csv:2: no label for photos/1.jpg; where photos may have none, or several, set data.labels: several "
        + "(--several-labels)"
    ),
    ("path,label\n\"photos/1.jpg,a\n", "m.csv:2: a double quote is never closed"),
    ("path,label\nphotos/1.jpg,a\nphotos/2.jpg,a\n", "m.csv: only one label, a"),
    (
      "path,label\nphotos/1.jpg,a\nphotos/2.jpg,b\n./photos/1.jpg,b\n",
      "m.csv:4: photos/1.jpg is in line 2 already"
    ),
    ("path,label\nphotos/1.jpg,a\nphotos/99.jpg,b\n", "/photos/99.jpg: can't be read: No such"),
    ("path,label\nphotos/1.jpg,a\nphotos,b\n", "/photos: can't be read: it is not a file"),
    (
      "path,label\nphotos/1.jpg,a\nphotos/98.jpg,b\nphotos/99.jpg,b\n",
      "m.csv:3: "
    ),
    (
      "path,label\nphotos/1.jpg,a\nphotos/98.jpg,b\nphotos/99.jpg,b\n",
      "(2 such lines in all)"
    ),
    (
      "path,label\n" + many + "photos/20.jpg,fear\nphotos/21.jpg,ave\n",
      "m.csv:15: label `ave` is that of 1 photo; did you mean `awe`, which 12 have?"
    ),
    (
      "path,label\n" + many + "photos/20.jpg,Awe\nphotos/21.jpg,Awe\n",
      "m.csv:14: label `Awe` is that of 2 photos; did you mean `awe`"
    ),
    (
      "path,label\nphotos/1.jpg,awe \nphotos/2.jpg,awe\n",
      "m.csv:3: label `awe` looks like that of line 2, but its spaces or accents are written otherwise"
    ),
    (
      "path,label\nphotos/1.jpg,caf\u{E9}\nphotos/2.jpg,bar\nphotos/3.jpg,cafe\u{301}\n",
      "m.csv:4: label `cafe\u{301}` looks like that of line 2"
    ),
    (
      "path,label,group\nphotos/1.jpg,a,Ren\u{E9}\nphotos/2.jpg,b,Rene\u{301}\n",
      "m.csv:3: group `Rene\u{301}` looks like that of line 2"
    ),
    ("path,label\nphotos/1.jpg,a\0b\nphotos/2.jpg,b\n", "m.csv:2: a zero byte"),
    ("path,label\nphotos/1.jpg,a\nphotos/2\0.jpg,b\n", "m.csv:3: a zero byte"),
    ("path,label,group\nphotos/1.jpg,a,\0\nphotos/2.jpg,b,x\n", "m.csv:2: a zero byte"),
    (
      "path,label,split\nphotos/1.jpg,a,train\nphotos/2.jpg,b,elsewhere\n",
      "m.csv:3: `elsewhere` is no split; there are train, validation and test"
    ),
    (
      "path,label,split\nphotos/1.jpg,a,train\nphotos/2.jpg,b,trian\n",
      "m.csv:3: `trian` is no split; did you mean `train`?"
    ),
    (
      "path,label,split\nphotos/1.jpg,a,train\nphotos/2.jpg,b,\n",
      "m.csv:3: no split, where other lines have one"
    ),
    (
      "path,label,split\nphotos/1.jpg,a,test\nphotos/2.jpg,b,test\n",
      "m.csv: no line has the split train"
    ),
    (
      "path,label,split\nphotos/1.jpg,angry,train\nphotos/2.jpg,angri,test\n",
      "m.csv:3: label `angri` has no line with the split train; did you mean `angry`?"
    ),
    (
      "path,label,fold\nphotos/1.jpg,a,0\nphotos/2.jpg,b,two\n",
      "m.csv:3: `two` is no fold; folds are whole numbers from 0"
    ),
    ("path,label,fold\nphotos/1.jpg,a,0\nphotos/2.jpg,b,2\n", "m.csv: no photo has fold 1"),
    ("path,label,fold\nphotos/1.jpg,a,0\nphotos/2.jpg,b,0\n", "m.csv: only fold 0"),
    (
      "path,label,fold\nphotos/1.jpg,a,0\nphotos/2.jpg,b,1\nphotos/3.jpg,b,\n",
      "m.csv:4: no fold, where other lines have one"
    ),
    (
      "path,label,group,fold\nphotos/1.jpg,a,ann,0\nphotos/2.jpg,b,ann,1\n",
      "m.csv:3: group `ann` is in two folds; a group must stay together (line 2)"
    ),
    (
      "path,label,group,split\nphotos/1.jpg,a,ann,train\nphotos/2.jpg,b,bob,train\n"
        + "photos/3.jpg,a,ann,test\n",
      "m.csv:4: group `ann` is in two splits"
    ),
  ])
  func `each mistake has its line`(text: String, words: String) {
    #expect {
      try dataset(text)
    } throws: { error in
      let line = "\(error)"
      return error is ManifestError && line.contains(words) && !line.contains("\n")
    }
  }

  @Test(arguments: [
    "train,valid,dev,VAL,Test,testing", "Training,validation,val,Validation,TEST,test",
  ])
  func `splits are known by what people call them`(names: String) throws {
    let names = names.split(separator: ",")
    var text = "path,label,split\nphotos/20.jpg,b,train\n"
    for (index, name) in names.enumerated() { text += "photos/\(index).jpg,a,\(name)\n" }
    let expected: [Split] = [.train, .validation, .validation, .validation, .test, .test]
    let samples = try dataset(text).samples.filter { $0.label == 0 }
    #expect(samples.map(\.split) == expected)
  }

  @Test(arguments: [
    "path,label\nphotos/1.jpg,a\n", "path,label,split\nphotos/1.jpg,a,test\nphotos/2.jpg,b,test\n",
    "path,label,split\nphotos/1.jpg,a,train\nphotos/2.jpg,b,train\nphotos/3.jpg,c,test\n",
    "path,label\n" + many + "photos/20.jpg,Awe\n", "path,label,fold\nphotos/1.jpg,a,2\n",
  ])
  func `a trained model may be asked of any labels and splits`(text: String) throws {
    let folder = try folder(text)
    let path = "\(folder.path)/m.csv"
    #expect(throws: ManifestError.self) { try Dataset.open(path: path) }
    let dataset = try Dataset.open(path: path, demanding: .files)
    #expect(dataset.samples.count == text.count { $0 == "\n" } - 1)
  }

  @Test func `labels that are both frequent are no typos`() throws {
    for (first, second) in [("awe", "Awe"), ("cat", "bat"), ("ice cream", "icecream")] {
      let text = (0..<24).map { "photos/\($0).jpg,\($0 < 12 ? first : second)\n" }.joined()
      #expect(try Set(dataset("path,label\n" + text).classes) == [first, second])
    }
  }

  @Test func `a column of labels that has no two alike is told`() throws {
    let folder = try Scratch()
    let lines = (0..<100).map { "photos/\($0).jpg,\($0)\n" }
    try folder.write("path,label\n" + lines.joined(), to: "m.csv")
    let error = #expect(throws: ManifestError.self) {
      try Dataset.open(path: "\(folder.path)/m.csv")
    }
    #expect(error?.problem.hasPrefix("100 photos, and no two have the same label") == true)
  }

  /// Each of 1,000 labels on 20 photos, and one on each of 100: a comparison of each line with each label
  /// would take minutes.
  @Test(.timeLimit(.minutes(1))) func `many classes cost no more than few`() throws {
    let letters = Array("abcdefghij")
    let frequent = (0..<20_000).map { "\($0).jpg,species \(letters[$0 % 10])\($0 % 1000)\n" }
    let rare = (0..<100).map { "x\($0).jpg,rare \($0)\n" }
    let text = "path,label\n" + (frequent + rare).joined()
    let rows = try Manifest.rows(of: Array(text.utf8), "m.csv", groupBy: nil).rows
    #expect(rows.count == 20_100)
  }

  /// A frequent label of 100 letters is one letter off a rare one, among so many rare ones of as many: with
  /// 1,000, all letters make ten million pairs.
  @Test(arguments: [(rare: 1000, isTold: true), (rare: 1001, isTold: false)])
  func `typos are looked for while labels have few letters`(rare: Int, isTold: Bool) throws {
    let near = String(repeating: "a", count: 100)
    let frequent = near.dropLast() + "b"
    let others = (1..<rare).map { number in
      let name = String(number)
      return String(repeating: "x", count: 100 - name.count) + name
    }
    let text =
      "path,label\n" + (0..<10).map { "\($0).jpg,\(frequent)\n" }.joined()
      + ([near] + others).enumerated().map { "x\($0).jpg,\($1)\n" }.joined()
    let rows = Result { try Manifest.rows(of: Array(text.utf8), "m.csv", groupBy: nil) }
    #expect((try? rows.get()) == nil ? isTold : !isTold)
  }

  @Test func `names that differ in Unicode's normal form are two files`() throws {
    let folder = try Scratch()
    for name in ["caf\u{E9}.jpg", "cafe\u{301}.jpg", "b.jpg"] {
      try folder.write([0], to: "a/\(name)")
    }
    try folder.write([0], to: "b/1.jpg")
    let dataset = try Dataset.open(path: folder.path)
    #expect(dataset.samples.count == 4)
    let path = "\(folder.path)/m.csv"
    let splits = try dataset.split(validation: 0.4, test: 0, seed: 1)
    try folder.write(try dataset.manifest(splits, folds: nil, at: path), to: "m.csv")
    let read = try Dataset.open(path: path).samples.map { Array($0.path.utf8) }
    #expect(read == dataset.samples.map { Array($0.path.utf8) })
  }

  @Test func `columns are named by their bytes`() throws {
    let text = "path,label,caf\u{E9},cafe\u{301}\nphotos/1.jpg,a,x,z\nphotos/2.jpg,b,y,z\n"
    #expect(try dataset(text, groupBy: "caf\u{E9}").samples.map(\.group) == ["x", "y"])
    #expect(try dataset(text, groupBy: "cafe\u{301}").samples.map(\.group) == ["z", "z"])
    let error = #expect(throws: ManifestError.self) {
      try dataset("path,label,caf\u{E9}\nphotos/1.jpg,a,x\n", groupBy: "cafe\u{301}")
    }
    #expect(error?.problem.contains("looks the same") == true)
  }

  @Test(.timeLimit(.minutes(1))) func `what is no manifest is refused unread`() throws {
    let folder = try Scratch()
    let path = "\(folder.path)/m.csv"
    #expect(mkfifo(path, 0o644) == 0)
    #expect(throws: ManifestError(path, "can't be read: it is not a file; check data.path")) {
      try Dataset.open(path: path)
    }
    unlink(path)
    try folder.write([], to: "m.csv")
    #expect(truncate(path, 1 << 40) == 0)
    let error = #expect(throws: ManifestError.self) { try Dataset.open(path: path) }
    #expect(error?.problem.hasPrefix("1099511627776 bytes long") == true)
  }

  @Test func `digits are no typos`() throws {
    let text =
      "path,label\n" + (0..<12).map { "photos/\($0).jpg,class 1\n" }.joined()
      + "photos/20.jpg,class 2\n"
    #expect(try dataset(text).classes == ["class 1", "class 2"])
  }

  @Test func `groups can't be made of what isn't there`() throws {
    let text = "path,label,photographer\nphotos/1.jpg,a,ann\nphotos/2.jpg,b,bob\n"
    #expect(throws: ManifestError.self) { try dataset(text, groupBy: "fotographer") }
    let folder = try folder("")
    #expect(throws: ManifestError.self) {
      try Dataset.open(path: folder.path, groupBy: "photographer")
    }
  }

  @Test func `a manifest that isn't there is named`() {
    #expect(
      throws: ManifestError(
        "/nowhere/m.csv", "can't be read: No such file or directory; check data.path")
    ) {
      try Dataset.open(path: "/nowhere/m.csv")
    }
  }

  @Test(.enabled(if: getuid() != 0, "root reads everything"))
  func `a folder that can't be read is named`() throws {
    let folder = try folder("path,label\nphotos/1.jpg,a\nphotos/2.jpg,b\n")
    chmod("\(folder.path)/photos", 0)
    defer { chmod("\(folder.path)/photos", 0o755) }
    #expect {
      try Dataset.open(path: "\(folder.path)/m.csv")
    } throws: {
      "\($0)".contains("Permission denied")
    }
  }
}
