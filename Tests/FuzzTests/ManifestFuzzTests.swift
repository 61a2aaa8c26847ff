import Datasets
import Files
import Support
import Testing

@Suite struct ManifestFuzzTests {
  @Test func `a manifest is read, or refused with its line`() throws {
    let folder = try Scratch()
    for index in 0..<8 { try folder.write([0], to: "\(index).jpg") }
    let seeds = [
      "path,label\n" + (0..<8).map { "\($0).jpg,\($0 % 2 == 0 ? "cat" : "dog")\n" }.joined(),
      "path,label\r0.jpg,cat\r\"1.jpg\",\"dog, \"\"big\"\"\"\r",
      """
      path,label,split,group,fold
      0.jpg,cat,train,ann,0
      1.jpg,dog,val,,1
      2.jpg,dog,train,eve,1
      """,
      """
      path,p_cat,weight,p_dog,label
      0.jpg,2,0.5,1,
      1.jpg,0.25,,0.75,cat
      2.jpg,,3,,dog
      3.jpg,0.7,1e-3,0.2,
      4.jpg,0,0,1,dog
      5.jpg,1,1,6,
      """,
    ]
    try Fuzzing.run(
      "manifest", seeds: seeds.map { Array($0.utf8) },
      words: [
        "split", "group", "fold", "test", "cafe\u{301}", "caf\u{E9}", "\0", "\"", "../", "/./",
        "weight", "p_", "p_cat", "predicted", "1e39", "-0", "nan", "0x1p-3", "0.1",
      ].map { Array($0.utf8) }
    ) { input in
      try folder.write(input, to: "m.csv")
      let dataset = try Dataset.open(path: "\(folder.path)/m.csv")
      #expect(
        try Dataset(list: dataset.listBytes, root: folder.path).listBytes == dataset.listBytes)
      guard let splits = try? dataset.split(validation: 0.2, test: 0.1, seed: 1) else { return }
      // What is understood is written so that it is understood the same again.
      let text = try dataset.manifest(splits, folds: nil, at: "\(folder.path)/n.csv")
      try folder.write(text, to: "n.csv")
      let copy = try Dataset.open(path: "\(folder.path)/n.csv")
      #expect(
        copy.classes.map(ExactText.init) == dataset.classes.map(ExactText.init)
          && copy.samples.count == dataset.samples.count)
      #expect(copy.samples.map(\.weight) == dataset.samples.map(\.weight))
      #expect(copy.samples.map(\.softLabel) == dataset.samples.map(\.softLabel))
    }
  }
}
