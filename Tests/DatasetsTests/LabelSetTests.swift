import Files
import Support
import Testing

@testable import Datasets

/// Photos with several labels, or none, in manifests, lists and packs.
@Suite struct LabelSetTests {
  private func rows(
    _ text: String, several: Bool = true
  ) throws(ManifestError) -> (rows: [ManifestRow], classes: [String]) {
    try Manifest.rows(
      of: Array(text.utf8), "m.csv", groupBy: nil, severalLabels: several, demanding: .training)
  }

  private func dataset(_ sets: [[Int]], classes: [String] = ["a", "b", "c"]) -> Dataset {
    Dataset(
      classes: classes,
      samples: sets.enumerated().map { place, own in
        Sample(
          path: "\(place).jpg", label: own.first ?? 0, labelSet: own, split: nil, bytes: 1)
      }, source: .photos(root: "."))
  }

  @Test func `labels are parted by bars, in any order, and a field may be empty`() throws {
    let text = "path,label\n1.jpg,b|a\n2.jpg,\n3.jpg,\"a | c, d\"\n4.jpg,b\n"
    #expect(try rows(text).rows.map(\.labels) == [["a", "b"], [], ["a", "c, d"], ["b"]])
  }

  @Test(arguments: [
    ("a||b", "m.csv:2: `a||b` has an empty label; write a|b, and nothing where a photo has none"),
    (" ", "m.csv:2: ` ` has an empty label; write a|b, and nothing where a photo has none"),
    ("a|b|a", "m.csv:2: `a|b|a` has a label twice"),
  ])
  func `what is no list of labels is refused`(field: String, problem: String) {
    let error = #expect(throws: ManifestError.self) {
      try rows("path,label\n1.jpg,\(field)\n2.jpg,b\n")
    }
    #expect(error?.description == problem)
  }

  @Test func `a bar without the key is told`() {
    let error = #expect(throws: ManifestError.self) {
      try rows("path,label\n1.jpg,a\n2.jpg,a|b\n", several: false)
    }
    #expect(
      error?.description
        == "m.csv:3: `a|b` are several labels; set data.labels: several (--several-labels) if photos have "
        + "several, or else call the class something without `|`")
  }

  @Test func `a label of a list that is mistyped, or not trained on, is named`() {
    let many = (0..<12).map { "\($0).jpg,shirt|hat\n" }.joined()
    let typo = #expect(throws: ManifestError.self) {
      try rows("path,label\n" + many + "x.jpg,hat|shrt\n")
    }
    #expect(
      typo?.description.contains("label `shrt` is that of 1 photo; did you mean `shirt`") == true)
    let untrained = #expect(throws: ManifestError.self) {
      try rows("path,label,split\n1.jpg,a|b,train\n2.jpg,a|c,test\n")
    }
    #expect(
      untrained?.description.hasPrefix("m.csv:3: label `c` has no line with the split train")
        == true)
  }

  @Test func `shares are each of its class, and name labels where the field is empty`() throws {
    let text =
      "path,label,p_a,p_b,p_c\n1.jpg,,0.5,1,0.25\n2.jpg,c,0,0.25,1\n3.jpg,b,,,\n4.jpg,,0,0,0\n"
    let rows = try rows(text).rows
    #expect(rows.map(\.labels) == [["a", "b"], ["c"], ["b"], []])
    #expect(rows.map(\.softLabel) == [[0.5, 1, 0.25], [0, 0.25, 1], nil, [0, 0, 0]])
    let votes = #expect(throws: ManifestError.self) {
      try self.rows("path,label,p_a,p_b\n1.jpg,a,3,1\n2.jpg,b,0,1\n")
    }
    #expect(votes?.description.contains("`3` in p_a: with several labels a photo") == true)
  }

  @Test func `targets are rows of 0 and 1, counts are of each label`() {
    let dataset = dataset([[0, 2], [], [1]])
    #expect(dataset.softLabels(of: [0, 1, 2]) == [1, 0, 1, 0, 0, 0, 0, 1, 0])
    #expect(dataset.classCounts(of: [0, 1, 2]) == [1, 1, 1])
    #expect((0..<3).map(dataset.labelText) == ["a|c", "", "b"])
  }

  @Test func `another process's list has the same labels, and nonsense is refused`() throws {
    let original = dataset([[0, 2], [], [1]])
    let copy = try Dataset(list: original.listBytes, root: ".")
    #expect(copy.samples == original.samples && copy.hasLabelSets)
    // The labels end the list.
    for wrong in ["1 0", "3", "0 0", "-1", "x"] {
      let bytes = Array(original.listBytes.dropLast(2)) + Array(wrong.utf8) + [0]
      #expect(throws: SampleList.Malformed.self) { try Dataset(list: bytes, root: ".") }
    }
  }

  @Test func `a model that knows more classes gives them its own numbers`() throws {
    let known = try dataset([[0, 2], [], [1]]).labelled(as: ["c", "x", "b", "a"])
    #expect(known.samples.map(\.labels) == [[0, 3], [], [2]])
    #expect(throws: UnknownClasses.self) { try dataset([[1]]).labelled(as: ["a", "c"]) }
  }

  @Test func `photos without any label are a model's, too`() throws {
    let asked = try dataset([[], []], classes: []).labelled(as: ["a", "b"])
    #expect(asked.classes == ["a", "b"] && asked.samples.allSatisfy { $0.labelSet == [] })
  }

  @Test func `splits keep every label in training, and folds its share`() throws {
    let sets = (0..<60).map { number in [0, 1, 2].filter { number % ($0 + 2) == 0 } }
    let data = dataset(sets)
    let splits = try data.split(validation: 0.2, test: 0.2, seed: 1)
    func isShare(_ share: Double, _ indices: [Int]) -> Bool {
      zip(data.classCounts(of: indices), [30, 20, 15]).allSatisfy {
        abs(Double($0) - share * $1) <= 1
      }
    }
    #expect(isShare(0.6, splits.train) && isShare(0.2, splits.validation))
    let folds = try data.folds(of: Array(0..<60), count: 3, seed: 1)
    for fold in 0..<3 {
      #expect(isShare(1 / 3, (0..<60).filter { folds[$0] == fold }))
    }
  }
}
