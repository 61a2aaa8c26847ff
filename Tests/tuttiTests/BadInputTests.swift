import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// What can't be used is told in one line, by rank 0 alone, before anything is written.
  @Suite struct BadInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
      let testDescription: String
      var exitCode: Int32 = 65
      var ranks = 2
      /// Changes a folder of photos in which all is well.
      var spoil: @Sendable (_ photos: String) throws -> Void = { _ in }
      var settings: [String] = []
      /// What the line has to say; PHOTOS stands for their folder.
      let says: [String]
    }

    static let cases = [
      Case(
        testDescription: "missing folder", spoil: { try remove($0) },
        says: ["PHOTOS: there is no such folder; check the path of the photos"]),
      Case(
        testDescription: "empty class folder",
        spoil: { photos in
          try names(photos + "/disc").forEach { try remove("\(photos)/disc/\($0)") }
        },
        says: [
          "PHOTOS/disc: no photos (.jpg, .jpeg, .png, .webp)", "add some or remove the folder",
        ]),
      Case(
        testDescription: "only one class",
        spoil: { for name in ["disc", "cross"] { try remove("\($0)/\(name)") } },
        says: ["PHOTOS: only one class, stripes", "at least two class folders"]),
      Case(
        testDescription: "text named .jpg",
        spoil: {
          try Data("no photo\n".utf8).write(to: URL(fileURLWithPath: $0 + "/disc/odd.jpg"))
        },
        says: ["PHOTOS/disc/odd.jpg: no JPEG, PNG or WebP but text (\"no photo\"); "]),
      Case(
        testDescription: "TIFF named .jpg",
        spoil: {
          let header = Data("II*\0".utf8)
          try header.write(to: URL(fileURLWithPath: $0 + "/disc/odd.jpg"))
        },
        says: [
          "PHOTOS/disc/odd.jpg: a TIFF image, no JPEG, PNG or WebP; convert it: "
        ]),
      Case(
        testDescription: "more ranks than micro-batches", ranks: 4,
        settings: ["training.global-batch=16", "training.micro-batch=8"],
        says: [
          "4 ranks are more than the 2 micro-batches", "at most 2 ranks",
          "training.micro-batch of at most 5",
        ]),
      Case(
        testDescription: "unknown model", settings: ["model.name=cifar-resnet9"],
        says: ["unknown model `cifar-resnet9`", "did you mean `cifar-resnet8`", "resnet18"]),
      Case(
        testDescription: "image smaller than a patch",
        settings: ["model.name=vit-ti16", "model.image-size=8"],
        says: ["8 is too small for `vit-ti16`", "at least 16"]),
      Case(
        testDescription: "value out of range", settings: ["training.epochs=0"],
        says: ["--set training.epochs=0", "allowed: a whole number from 1 to 100000"]),
      Case(
        testDescription: "another size than augment's", settings: ["augment=[{resize: 24}]"],
        says: ["resize"]),
    ]

    @Test(arguments: cases)
    func `is told before a run's folder is made`(_ bad: Case) throws {
      let photos = try Scratch.copy(of: Photos.few)
      try bad.spoil(photos)
      let files = RunFiles(try Scratch.path("run"))
      let run = try tutti(
        ["train", "--data", photos, "--run", files.path] + set(Photos.settings + bad.settings),
        ranks: bad.ranks)
      #expect(run.exitCode == bad.exitCode)
      #expect(run.complaints.count == 1)
      for words in bad.says {
        let text = words.replacingOccurrences(of: "PHOTOS", with: photos)
        #expect(run.complaints.first?.contains(text) == true)
      }
      #expect(run.output.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: files.path))
    }

    @Test func `a typo in a recipe is told with its line and the nearest name`() throws {
      let recipe = try Scratch.path("recipe.yaml")
      try "training:\n  epochs: 3\n  global-bach: 64\n".write(
        toFile: recipe, atomically: true, encoding: .utf8)
      let run = try tutti(["train", "--data", Photos.few, "--recipe", recipe], ranks: 2)
      #expect(run.exitCode == 65)
      #expect(
        run.complaints == [
          "tutti: \(recipe):3: unknown key `training.global-bach`; did you mean `global-batch`?"
        ])
    }

    @Test(arguments: [
      (
        Photos.few, "is neither a run's folder nor a checkpoint (a folder with state.json in it)"
      ),
      ("/nowhere", "is not there; name a run's folder, a checkpoint or a file of weights"),
      (
        "/nowhere/efficientnet-lite0-57934424.pth",
        "is not there; fetch it with launch/get-weights lite0"
      ),
    ])
    func `a model that is none, or not there`(path: String, problem: String) throws {
      let run = try tutti(["evaluate", "--model", path, "--json"], ranks: 2)
      #expect(run.exitCode == 65)
      #expect(run.output.isEmpty)
      #expect(
        run.complaints == ["tutti: \(path) \(problem)"])
    }

    @Test(arguments: [
      (["evaluate", "--model", "m", "--split", "tset"], "'train', 'validation' or 'test'"),
      (["train", "--resume", "auto"], "--resume auto needs --run FOLDER"),
      (["trian"], "trian"),
    ])
    func `a wrong command line is told once, whatever the number of ranks`(
      arguments: [String], says: String
    ) throws {
      for ranks in [nil, 2] {
        let run = try tutti(arguments, ranks: ranks)
        #expect(run.exitCode == 64)
        #expect(run.output.isEmpty)
        let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
        #expect(lines.count == 1)
        #expect(lines.first?.contains(says) == true)
      }
    }
  }
}

private func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

private func names(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder)
}
