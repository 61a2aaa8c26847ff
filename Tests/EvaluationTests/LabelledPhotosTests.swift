import Support
import Testing

@testable import Evaluation

@Suite struct LabelledPhotosTests {
  private static func photos() -> LabelledPhotos {
    var predictions = Predictions(classes: ["cat, big", "dog"])
    for (row, (label, p)) in [(0, 0.75), (1, 0.9), (1, 0.25), (0, 0.125)].enumerated() {
      predictions.append(sample: row, labels: [label], probabilities: [p, 1 - p])
    }
    return LabelledPhotos(predictions, paths: ["a \"1\".jpg", "b/2.png", "3.jpg", "4.jpg"])
  }

  @Test func `a table is read as it was written`() throws {
    let folder = try Scratch()
    let photos = Self.photos()
    try folder.write(photos.csv.utf8, to: "a.csv")
    let read = try LabelledPhotos(csvAt: "\(folder.path)/a.csv")
    #expect(read.paths == photos.paths)
    #expect(read.predictions == photos.predictions)
  }

  @Test func `groups and folds are read where a table has them`() throws {
    let folder = try Scratch()
    let groups = ["ann, b", nil, "zoë", "ann, b"]
    let photos = Self.photos().with(groups: groups)
    try folder.write(photos.csv.utf8, to: "a.csv")
    let read = try LabelledPhotos(csvAt: "\(folder.path)/a.csv")
    #expect(read.groups == groups && read.folds == nil)
    #expect(read.predictions == photos.predictions)
    try folder.write(
      "path,label,fold,predicted,p_a,p_b\n1,a,3,a,1,0\n2,b,0,a,1,0\n".utf8, to: "b.csv")
    #expect(try LabelledPhotos(csvAt: "\(folder.path)/b.csv").folds == [3, 0])
    try folder.write("path,label,fold,p_a,p_b\n1,a,x,1,0\n".utf8, to: "c.csv")
    let error = try #require(throws: TableError.self) {
      try LabelledPhotos(csvAt: "\(folder.path)/c.csv")
    }
    #expect(error.description.hasSuffix("c.csv:2: its fold must be a number"))
  }

  @Test func `mistakes are the wrong ones, the worst first`() {
    #expect(Self.photos().mistakes(atMost: 9) == [1, 3])
    #expect(Self.photos().mistakes(atMost: 1) == [1])
  }

  @Test(arguments: [(0.0, 1.0, 0.5), (0.8, 0.5, 0.0), (0.9, 0.25, 0.0)])
  func `a threshold leaves photos, some of them right`(
    threshold: Double, coverage: Double, accuracy: Double
  ) {
    let rejection = Rejection(Self.photos().predictions, below: threshold)
    #expect(rejection.coverage == coverage)
    #expect(rejection.accuracy == accuracy)
  }

  @Test func `nothing left has no accuracy`() {
    let rejection = Rejection(Self.photos().predictions, below: 1)
    #expect(rejection.coverage == 0 && rejection.accuracy == nil)
  }

  @Test func `a photo of no probable class is none of these`() throws {
    let own = Self.photos().predictions
    let photos = PhotoPredictions(own, of: ["1", "2", "3", "4"], rejectingBelow: 0.76)
    #expect(photos.rejected == 2)
    #expect(photos.csv.contains("\n1,none of these,0.75,0.25\n"))
    #expect(
      photos.top(1).map(\.predicted) == ["none of these", "cat, big", "none of these", "dog"])
    #expect(try photos.json().contains("\"predicted\":\"none of these\""))
  }

  @Test(arguments: [
    ("path,label,p_a\n1,a,1\n", ":1: no columns path, label and p_<class>"),
    ("path,p_a,p_b\n1,1,0\n", ":1: no columns path, label and p_<class>"),
    ("path,label,p_a,p_b\n1,c,1,0\n", ":2: the label `c` has no column p_c"),
    ("path,label,p_a,p_b\n1,a,1\n", ":2: 3 fields where the first line has 4"),
    ("path,label,p_a,p_b\n1,a,2,0\n", ":2: its probabilities must be numbers from 0 to 1"),
    ("path,label,p_a,p_b\n1,a,x,0\n", ":2: its probabilities must be numbers from 0 to 1"),
    ("path,label,p_a,p_b\n", ":1: no photos"),
  ])
  func `a table that can't be used is refused with its line`(text: String, problem: String) throws {
    let folder = try Scratch()
    try folder.write(text.utf8, to: "a.csv")
    let error = try #require(throws: TableError.self) {
      try LabelledPhotos(csvAt: "\(folder.path)/a.csv")
    }
    #expect(error.description.contains("a.csv\(problem)"), "\(error)")
  }
}
