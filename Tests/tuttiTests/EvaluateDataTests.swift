import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Models on other photos than those of their recipe.
  @Suite struct EvaluateDataTests {
    private let model: String
    private let photos: String

    init() throws {
      let members = try Members.made.get()
      (model, photos) = (members.runs[0].path, members.photos)
    }

    private func evaluate(_ data: String, _ options: String..., ranks: Int? = nil) throws
      -> WorkerRun
    {
      try tutti(["evaluate", "--model", model, "--data", data] + options, ranks: ranks)
    }

    @Test func `classes without photos count for nothing, at any number of ranks`() throws {
      let data = try Scratch.copy(of: Photos.few)
      try FileManager.default.removeItem(atPath: "\(data)/disc")
      let alone = try evaluate(data, "--json")
      #expect(alone.exitCode == 0, "\(alone.errors)")
      let scores = try #require(try json(alone) as? [String: Any])
      let matrix = try #require(scores["confusion_matrix"] as? [[Int]])
      #expect(matrix.map { $0.reduce(0, +) } == [9, 0, 7])
      #expect(
        alone.complaints.contains {
          $0.hasSuffix("brings no splits, so all its 16 photos are scored")
        })
      #expect(try evaluate(data, "--json", ranks: 3).output == alone.output)
      let table = try evaluate(data).output
      #expect(table.contains("of 3 classes, balanced is the mean of the 2 with photos"))
    }

    @Test func `a class that the model doesn't know is named, with what it may be`() throws {
      let data = try Scratch.copy(of: Photos.few)
      try FileManager.default.moveItem(atPath: "\(data)/disc", toPath: "\(data)/disk")
      let run = try evaluate(data, ranks: 2)
      #expect(run.exitCode == 65)
      #expect(
        run.complaints.first?.contains(
          "the model doesn't know the class disk (disk may be disc); it knows cross, disc, stripes")
          == true, "\(run.errors)")
    }

    @Test(arguments: [
      ("cross|disc", "`cross|disc` are several labels"), ("", "no label for"),
    ])
    func `several labels are none of a model of one`(label: String, found: String) throws {
      let data = try Scratch.path("several.csv")
      let text =
        "path,label\n\(Photos.few)/disc/00.jpg,disc\n\(Photos.few)/cross/00.jpg,\(label)\n"
      try Data(text.utf8).write(to: URL(filePath: data))
      let pack = try Scratch.path("pack")
      let packed = try tutti(["data", "pack", data, pack, "--several-labels"])
      #expect(packed.exitCode == 0, "\(packed.errors)")
      for (path, problem) in [(data, ":3: \(found)"), (pack, "its photos may have several")] {
        let run = try evaluate(path, ranks: 2)
        #expect(run.exitCode == 65)
        let line = run.complaints.first ?? ""
        #expect(line.contains(path) && line.contains(problem), "\(run.errors)")
        #expect(
          line.hasSuffix(
            "was trained on one label a photo; give each photo one, or evaluate a model that was trained with "
              + "data.labels: several"), "\(run.errors)")
      }
    }

    @Test func `photos that it was trained on are counted, as links and as copies`() throws {
      let files = FileManager.default
      let data = try Scratch.path("others")
      for name in Photos.classes {
        try files.createDirectory(atPath: "\(data)/\(name)", withIntermediateDirectories: true)
        let own = "\(photos)/train/\(name)"
        let trained = try files.contentsOfDirectory(atPath: own).sorted()
        try files.createSymbolicLink(
          atPath: "\(data)/\(name)/link.jpg", withDestinationPath: "\(own)/\(trained[0])")
        try files.copyItem(atPath: "\(own)/\(trained[1])", toPath: "\(data)/\(name)/copy.jpg")
        // One byte more behind the image's end is another file, and one changed byte, too.
        var bytes = try contents(of: "\(own)/\(trained[0])")
        try Data(bytes + [0]).write(to: URL(filePath: "\(data)/\(name)/longer.jpg"))
        bytes[bytes.count - 20] ^= 1
        try Data(bytes).write(to: URL(filePath: "\(data)/\(name)/changed.jpg"))
      }
      let run = try evaluate(data, ranks: 2)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(
        run.complaints.contains {
          $0.hasSuffix("was trained on 6 of the 12 photos, so its scores are too good")
        }, "\(run.errors)")
    }

    @Test func `photos that it was trained on are counted after others were left out, too`() throws
    {
      let photos = try Scratch.copy(of: Photos.few)
      try FileManager.default.createSymbolicLink(
        atPath: "\(photos)/disc/gone.jpg", withDestinationPath: "nowhere")
      let trained = try Members.train(on: photos, ["data.corrupt=skip", "training.max-steps=1"])
      let run = try tutti(["evaluate", "--model", trained.path, "--data", Photos.few], ranks: 2)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(
        try run.complaints.contains {
          try $0.contains(Regex("was trained on 2[0-9] of the 30 photos"))
        },
        "\(run.errors)")
    }

    @Test func `a photo that can't be read is left out if asked, and told`() throws {
      let data = try Scratch.copy(of: Photos.few)
      try FileManager.default.createSymbolicLink(
        atPath: "\(data)/disc/gone.jpg", withDestinationPath: "nowhere")
      let refused = try evaluate(data)
      #expect(refused.exitCode == 65)
      #expect(refused.complaints.first?.contains("disc/gone.jpg: can't be read") == true)
      let run = try evaluate(data, "--set", "data.corrupt=skip", ranks: 2)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(
        run.complaints.contains {
          $0.contains("skipped 1 of 31 photos, which can't be decoded; tutti data inspect \(data)")
        }, "\(run.errors)")
    }

    @Test func `photos of one class, and none to train on, are scored`() throws {
      let data = try Scratch.path("others")
      let files = FileManager.default
      try files.createDirectory(atPath: "\(data)/test", withIntermediateDirectories: true)
      try files.copyItem(atPath: "\(Photos.few)/disc", toPath: "\(data)/test/disc")
      let run = try evaluate(data, "--json", ranks: 2)
      #expect(run.exitCode == 0, "\(run.errors)")
      let scores = try #require(try json(run) as? [String: Any])
      let matrix = try #require(scores["confusion_matrix"] as? [[Int]])
      #expect(matrix.map { $0.reduce(0, +) } == [0, 14, 0])
      let none = try evaluate(data, "--split", "validation")
      #expect(none.exitCode == 65)
      #expect(
        none.complaints.first?.contains("no validation photos; choose another --split") == true)
    }

    @Test func `photos with splits and no test photos say how to get some`() throws {
      let data = try Scratch.copy(of: photos)
      try FileManager.default.removeItem(atPath: "\(data)/test")
      let run = try evaluate(data, ranks: 2)
      #expect(run.exitCode == 65)
      #expect(run.complaints.first?.contains("into the folder test/") == true, "\(run.errors)")
      #expect(!run.errors.contains("data.test"))
      let split = try tutti(["data", "split", data])
      #expect(split.exitCode == 0)
      #expect(split.complaints.first?.contains("there are no test photos") == true)
    }

    @Test(arguments: [("data.test=0.2", "splits"), ("data.validation=0.2", "a validation split")])
    func `a share that changes nothing is refused`(setting: String, reason: String) throws {
      let run = try tutti(
        ["train", "--data", photos, "--run", Scratch.path("none")]
          + set(Photos.settings + [setting]))
      #expect(run.exitCode == 65)
      #expect(
        run.complaints.first?.contains(
          "\(setting) changes nothing, since the photos bring \(reason)")
          == true, "\(run.errors)")
    }
  }
}
