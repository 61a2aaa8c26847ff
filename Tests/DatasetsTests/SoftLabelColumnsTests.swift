import Files
import Support
import Testing

@testable import Datasets

/// A manifest's columns of votes, weights and labels.
@Suite struct SoftLabelColumnsTests {
  /// A folder with 0.jpg … 10.jpg and the manifest.
  private func folder(_ manifest: String) throws -> Scratch {
    let folder = try Scratch()
    for index in 0...10 { try folder.write([0], to: "\(index).jpg") }
    try folder.write(manifest, to: "m.csv")
    return folder
  }

  private func dataset(
    _ manifest: String, groupBy: String? = nil, demanding demands: Dataset.Demands = .all
  ) throws -> Dataset {
    let folder = try folder(manifest)
    return try Dataset.open(path: "\(folder.path)/m.csv", groupBy: groupBy, demanding: demands)
  }

  @Test func `votes become shares of the classes in their order`() throws {
    let dataset = try dataset(
      """
      p_dog,path,p_cat,label,"p_a, b"
      2,0.jpg,1,,0
      0,1.jpg,1,cat,1
      ,2.jpg,,dog,
      0.25,3.jpg,0.5,cat,0.25
      1e-3,4.jpg,0,"a, b",0

      """)
    #expect(dataset.classes == ["a, b", "cat", "dog"])
    #expect(dataset.samples.map(\.label) == [2, 1, 2, 1, 0])
    let third: Float = 1 / 3
    let expected: [[Float]?] = [
      [0, third, 2 * third], [0.5, 0.5, 0], nil, [0.25, 0.5, 0.25], [0, 0, 1],
    ]
    #expect(dataset.samples.map(\.softLabel) == expected)
  }

  /// More than all is no share.
  @Test func `shares that sum to one but for rounding are shares`() throws {
    let dataset = try dataset("path,p_a,p_b\n0.jpg,1.0000001,0\n1.jpg,0.3333333,0.6666666\n")
    #expect(dataset.samples.map(\.softLabel) == [[1, 0], [0.3333333, 0.6666666]])
  }

  @Test func `without labels the largest share says what a photo is, the first of equals`() throws {
    let dataset = try dataset(
      "path,p_b,p_a,p_c\n0.jpg,3,3,1\n1.jpg,2,0,1\n2.jpg,0,0,4\n3.jpg,1,1,1\n")
    #expect(dataset.samples.map(\.label) == [0, 1, 2, 0])
  }

  @Test func `a photo counts what its weight says, one where it says nothing`() throws {
    let dataset = try dataset(
      "path,label,weight\n0.jpg,a,2\n1.jpg,b,\n2.jpg,b,0\n3.jpg,a,0.1\n4.jpg,a,1e2\n")
    #expect(dataset.samples.map(\.weight) == [2, 1, 0, 0.1, 100])
    #expect(dataset.weights(of: [1]) == nil)
    #expect(dataset.weights(of: [1, 3]) == [1, 0.1])
  }

  @Test(arguments: ["right", "light", "height", "p value", "Weight class"])
  func `columns that only sound like it are left alone`(name: String) throws {
    #expect(try dataset("path,label,\(name)\n0.jpg,a,x\n1.jpg,b,y\n").samples.count == 2)
  }

  @Test func `spreadsheets' empty columns and lines are passed over`() throws {
    #expect(try dataset("path,label,,\n0.jpg,a,,\n,,,\n1.jpg,b,,\n,,,\n").samples.count == 2)
  }

  @Test func `weights and votes are part of the list`() throws {
    let plain = try dataset("path,label\n0.jpg,a\n1.jpg,b\n").listBytes
    let ones = try dataset("path,label,weight\n0.jpg,a,1\n1.jpg,b,1.0\n").listBytes
    let twos = try dataset("path,label,weight\n0.jpg,a,2\n1.jpg,b,1\n").listBytes
    let votes = try dataset("path,label,p_a,p_b\n0.jpg,a,2,1\n1.jpg,b,,\n").listBytes
    #expect(ones == plain && Set([plain, twos, votes]).count == 3)
  }

  private static let two = "path,label,p_a,p_b\n"

  @Test(arguments: [
    ("path,label,weight\n0.jpg,a,1\n1.jpg,b,heavy\n", "m.csv:3: `heavy` is no weight"),
    (
      "path,label,weight\n0.jpg,a,-1\n1.jpg,b,1\n",
      "m.csv:2: `-1` is no weight; weights are 0 or numbers"
    ),
    ("path,label,weight\n0.jpg,a,nan\n1.jpg,b,1\n", "m.csv:2: `nan` is no weight"),
    ("path,label,weight\n0.jpg,a,1e39\n1.jpg,b,1\n", "m.csv:2: `1e39` is no weight"),
    ("path,label,weight\n0.jpg,a,\"0,5\"\n1.jpg,b,1\n", "m.csv:2: `0,5` is no weight"),
    (
      "path,label,weight\n0.jpg,a,0\n1.jpg,b,0\n", "m.csv: all photos to train on have the weight 0"
    ),
    (
      "path,label,split,weight\n0.jpg,a,train,0\n1.jpg,b,train,0\n2.jpg,b,test,1\n",
      "m.csv: all photos to train on have the weight 0"
    ),
    (
      "path,label,weigth\n0.jpg,a,1\n1.jpg,b,1\n",
      "m.csv:1: unknown column `weigth`; did you mean `weight`?"
    ),
    (
      two + "0.jpg,a,1,\n1.jpg,b,0,1\n",
      "m.csv:2: p_b is empty, and other p_ columns are not; write 0"
    ),
    (two + "0.jpg,a,0,0\n1.jpg,b,0,1\n", "m.csv:2: all p_ columns are 0"),
    (two + "0.jpg,a,1,-1\n1.jpg,b,0,1\n", "m.csv:2: `-1` in p_b is no count of votes and no share"),
    (two + "0.jpg,a,1,yes\n1.jpg,b,0,1\n", "m.csv:2: `yes` in p_b is no count of votes"),
    (two + "0.jpg,a,inf,0\n1.jpg,b,0,1\n", "m.csv:2: `inf` in p_a is no count of votes"),
    (two + "0.jpg,a,1e308,1e308\n1.jpg,b,0,1\n", "m.csv:2: the p_ columns are too large"),
    (
      two + "0.jpg,a,1,0\n1.jpg,,,\n",
      "m.csv:3: no label and no votes for 1.jpg; where photos may have none, or several, set data.labels: several "
        + "(--several-labels)"
    ),
    (
      two + "0.jpg,a,1,0\n1.jpg,b,0,1\n2.jpg,c,0,1\n",
      "m.csv:4: label `c` has no column p_c; is `p_a` meant? Write both alike"
    ),
    (
      "path,label,p_id,p_date\n0.jpg,apple,1,0\n1.jpg,b,0,1\n",
      "m.csv:2: label `apple` has no column p_apple; add it, or call the p_ columns something else"
    ),
    (
      "path,p_a,p_b,p_c\n0.jpg,1,0,0\n1.jpg,0,2,1\n",
      "m.csv: no photo has the label `c`, which p_c names; add some, or remove the column"
    ),
    (
      "path,split,p_a,p_b\n0.jpg,train,1,0\n1.jpg,test,0,1\n",
      "m.csv:3: label `b` has no line with the split train"
    ),
    ("path,p_a\n0.jpg,1\n1.jpg,1\n", "m.csv: only one label, a"),
    ("path,p_a,p_a\n0.jpg,1,0\n", "m.csv:1: two columns are called `p_a`"),
    ("path,label,weight\n0.jpg,a,0x10\n1.jpg,b,1\n", "m.csv:2: `0x10` is no weight"),
    ("path,label,weight\n0.jpg,a,1e-40\n1.jpg,b,1\n", "m.csv:2: `1e-40` is no weight"),
    (
      "path,label,p_a, p_b\n0.jpg,a,1,0\n1.jpg,a,0,1\n",
      "m.csv:1: unknown column ` p_b`; did you mean `p_b`?"
    ),
    ("path,label,P_a,P_b\n0.jpg,a,1,0\n", "m.csv:1: unknown column `P_a`; did you mean `p_a`?"),
    ("path,label,p_a,p_b \n0.jpg,a,1,0\n", "m.csv:1: unknown column `p_b `; did you mean `p_b`?"),
    ("path,label,p_person\n0.jpg,a,0\n1.jpg,b,1\n", "m.csv:2: label `a` has no column p_a; add it"),
    ("sep=,\npath,label\n0.jpg,a\n", "m.csv:1: a spreadsheet's `sep=`"),
    ("path,p_,p_a\n0.jpg,1,0\n", "m.csv:1: the column `p_` names no class"),
    ("path,p_a\0b,p_a\n0.jpg,1,0\n", "m.csv:1: a zero byte in a column's name"),
    (
      "path,p_caf\u{E9},p_cafe\u{301}\n0.jpg,1,0\n",
      "m.csv:1: the columns `p_caf\u{E9}` and `p_cafe\u{301}` look the same"
    ),
    (
      "path,label,fold,predicted,p_a,p_b\n0.jpg,a,0,a,0.9,0.1\n1.jpg,b,1,a,0.6,0.4\n",
      "m.csv:1: the p_ columns look like a model's predictions, since there is a column predicted"
    ),
    ("path,predicted,p_a,p_b\n0.jpg,a,0.9,0.1\n", "m.csv:1: the p_ columns look like a model's"),
    ("file,p_a,p_b\n0.jpg,1,0\n", "m.csv:1: the columns are file, p_a, p_b, but path and label"),
  ])
  func `each mistake has its line`(text: String, words: String) {
    #expect {
      try dataset(text)
    } throws: { error in
      let line = "\(error)"
      return error is ManifestError && line.contains(words) && !line.contains("\n")
    }
  }

  @Test func `columns that are something else stay so`() throws {
    let sizes = try dataset("path,label,height,Height,p\n0.jpg,a,1,2,3\n1.jpg,b,1,2,3\n")
    #expect(sizes.samples.allSatisfy { $0.weight == 1 && $0.softLabel == nil })
    let text = "path,label,p_id,weight\n0.jpg,a,ann,x\n1.jpg,b,bob,x\n"
    #expect(throws: ManifestError.self) { try dataset(text) }
    let numbers = text.replacing(",x", with: ",2")
    #expect(try dataset(numbers, groupBy: "p_id").samples.map(\.group) == ["ann", "bob"])
    let names = text.replacing("p_id", with: "id")
    #expect(try dataset(names, groupBy: "weight").samples.map(\.group) == ["x", "x"])
  }

  @Test func `votes go with groups, splits and folds`() throws {
    let text =
      "path,split,owner,fold,p_a,p_b\n0.jpg,train,x,0,2,1\n1.jpg,train,y,1,0,1\n2.jpg,test,z,,1,0\n"
    let samples = try dataset(text, groupBy: "owner").samples
    #expect(samples.map(\.group) == ["x", "y", "z"] && samples.map(\.fold) == [0, 1, nil])
    #expect(samples.map(\.split) == [.train, .train, .test])
    #expect(samples[0].softLabel == [Float(2) / 3, Float(1) / 3])
  }

  @Test func `a label that a column names is no typo, and a model may be asked of few`() throws {
    let lines = (0..<10).map { "\($0).jpg,awe,,\n" }.joined() + "10.jpg,ave,3,0\n"
    #expect(try dataset("path,label,p_ave,p_awe\n" + lines).classes == ["ave", "awe"])
    let asked = try dataset("path,p_a,p_b\n0.jpg,1,0\n", demanding: .files)
    #expect(asked.classes == ["a", "b"] && asked.samples.count == 1)
  }

  /// As any names: by their bytes, so that 10 comes before 9, and 3 and 03 are two.
  @Test(arguments: [false, true]) func `labels may be numbers`(haveColumns: Bool) throws {
    let labels = ["9", "10", "03", "3", "-1", "2.5"]
    let columns = haveColumns ? labels.map { ",p_\($0)" }.joined() : ""
    let fields = haveColumns ? String(repeating: ",", count: labels.count) : ""
    let lines = labels.enumerated().map { "\($0).jpg,\($1)\(fields)\n" }
    let dataset = try dataset("path,label\(columns)\n" + lines.joined())
    #expect(dataset.classes == ["-1", "03", "10", "2.5", "3", "9"])
    #expect(dataset.samples.map { dataset.classes[$0.label] } == labels)
  }

  @Test func `paths with spaces and quotes, a byte order mark and CRLF`() throws {
    let folder = try folder("")
    let names = [" a b.jpg", "c \"d\", e.jpg", "f'g.jpg", "h\ni.jpg"]
    for name in names { try folder.write([0], to: "my photos/\(name)") }
    let lines = names.enumerated().map { index, name in
      CSV.line(["my photos/\(name)", index % 2 == 0 ? "x y" : "\"z\"", "2", "0.5"]).dropLast()
        + "\r\n"
    }
    let header = "\u{FEFF}path,label,weight,note\r\n"
    try folder.write(header + lines.joined(), to: "m.csv")
    let dataset = try Dataset.open(path: "\(folder.path)/m.csv")
    #expect(dataset.samples.map(\.path) == names.map { "my photos/\($0)" })
    #expect(dataset.classes == ["\"z\"", "x y"])
    #expect(dataset.samples.allSatisfy { $0.weight == 2 })
  }

  /// Shares are Floats whose sum is one but for their rounding: a division by it would move last bits.
  @Test func `what is written is read with the same bits`() throws {
    let folder = try folder("")
    var text = "path,label,weight," + (0..<7).map { "p_\($0)" }.joined(separator: ",") + "\n"
    for index in 0..<10 {
      let votes = (0..<7).map { "\(Double((index * 7919 + $0 * 5381 + 13) % 9973) / 7)" }
      let fields = index == 3 ? votes.map { _ in "" } : votes
      let line = ["\(index).jpg", "\(index % 7)", "\(Float(index + 1) / 3)"] + fields
      text += CSV.line(line)
    }
    try folder.write(text, to: "m.csv")
    let dataset = try Dataset.open(path: "\(folder.path)/m.csv")
    var splits = Splits()
    splits.train = Array(dataset.samples.indices)
    try folder.write(
      try dataset.manifest(splits, folds: nil, at: "\(folder.path)/n.csv"), to: "n.csv")
    let copy = try Dataset.open(path: "\(folder.path)/n.csv")
    #expect(copy.classes == dataset.classes)
    #expect(copy.samples.map(\.softLabel) == dataset.samples.map(\.softLabel))
    #expect(copy.samples.map(\.weight) == dataset.samples.map(\.weight))
    #expect(copy.samples.map(\.label) == dataset.samples.map(\.label))
    #expect(dataset.samples.filter { $0.softLabel == nil }.count == 1)
  }
}
