import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// What the program says of photos that nobody has labelled.
  @Suite struct PredictTests {
    let models: [String]

    private struct Row: Decodable {
      let path: String
      let predicted: String
      let probabilities: [String: Double]
    }

    init() throws { models = try Members.made.get().runs.flatMap { ["--model", $0.path] } }

    @Test func `files and folders, odd ones too: the same bytes at any number of ranks`() throws {
      let folder = try Scratch.path("a, \"b\"")
      let files = FileManager.default
      try files.copyItem(atPath: Photos.few, toPath: "\(folder)/few")
      try files.moveItem(atPath: "\(folder)/few/disc/00.jpg", toPath: "\(folder)/few/x.JPEG")
      for hidden in [".hidden", ".thumbnails"] {
        try files.copyItem(atPath: "\(Photos.few)/disc", toPath: "\(folder)/few/\(hidden)")
      }
      func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/few/\(name)"))
      }
      try write("no photo", to: "cross/0.jpg")
      try write("no photo either", to: "stripes/odd.png")
      try write("not meant as one", to: "notes.txt")

      let single = "\(Photos.few)/stripes/01.jpg"
      let arguments = [single, "\(folder)/missing.jpg", "\(folder)/few/", single]
      let runs = try [nil, 1, 3].map {
        try tutti(["predict"] + models + ["--csv"] + arguments, ranks: $0)
      }
      for run in runs {
        #expect(run.exitCode == 65)
        #expect(
          run.complaints == [
            "tutti: \(folder)/missing.jpg: can't be read: No such file or directory",
            "tutti: \(folder)/few/cross/0.jpg: no JPEG, PNG or WebP but text (\"no photo\"); "
              + "replace or remove it",
            "tutti: \(folder)/few/stripes/odd.png: no JPEG, PNG or WebP but text (\"no photo either\"); "
              + "replace or remove it",
          ])
        #expect(run.output == runs[0].output)
      }
      let lines = runs[0].lines
      #expect(lines.count == 1 + 1 + 30 + 1)
      #expect(lines[0] == "path,predicted,p_cross,p_disc,p_stripes")
      #expect(lines[1].hasPrefix("\(single),"))
      let quoted = folder.replacingOccurrences(of: "\"", with: "\"\"")
      #expect(lines[2].hasPrefix("\"\(quoted)/few/cross/00.jpg\","))
      #expect(lines[31].hasPrefix("\"\(quoted)/few/x.JPEG\","))
      #expect(lines[32].hasPrefix("\(single),"))
      for line in lines.dropFirst() {
        let numbers = line.split(separator: ",").suffix(3).compactMap { Double($0) }
        #expect(abs(numbers.reduce(0, +) - 1) < 1e-12)
      }
    }

    @Test func `JSON and CSV say the same, and the table shows the most probable classes`() throws {
      let photos = ["\(Photos.few)/stripes/03.jpg", "\(Photos.few)/disc/01.jpg"]
      let csv = try tutti(["predict", "--csv"] + models + photos).lines
      let document = try tutti(["predict", "--json"] + models + photos).output
      // JSONSerialization doesn't read all digits.
      let rows = try JSONDecoder().decode([Row].self, from: Data(document.utf8))
      let table = try tutti(["predict", "--top", "2"] + models + photos).lines
      #expect(rows.count == 2 && csv.count == 3 && table.count == 3)
      #expect(try table[0].contains(Regex("^photo +class +p +class +p$")))
      for (index, line) in csv.dropFirst().enumerated() {
        let fields = line.split(separator: ",").map(String.init)
        let probabilities = rows[index].probabilities
        #expect(rows[index].path == photos[index] && fields[0] == photos[index])
        #expect(rows[index].predicted == fields[1])
        #expect(Photos.classes.map { probabilities[$0] } == fields.suffix(3).map(Double.init))

        let ranked = Photos.classes.sorted {
          probabilities[$0, default: 0] > probabilities[$1, default: 0]
        }
        #expect(ranked[0] == fields[1])
        #expect(
          try table[1 + index].contains(
            Regex("^\(photos[index]) +\(ranked[0]) +0\\.\\d{3} +\(ranked[1]) +0\\.\\d{3}$")))
      }
    }

    @Test func `a dead link, whatever it is called, is one photo that can't be read`() throws {
      let photos = try Scratch.copy(of: Photos.few)
      for name in ["disc/gone.jpg", "more"] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(photos)/\(name)", withDestinationPath: "nowhere")
      }
      let run = try tutti(["predict"] + models.prefix(2) + [photos], ranks: 2)
      #expect(run.exitCode == 65)
      #expect(
        run.complaints
          == ["disc/gone.jpg", "more"].map {
            "tutti: \(photos)/\($0): can't be read: No such file or directory"
          })
      #expect(run.lines.count == 31)
    }

    @Test func `a model goes without the photos that it was trained on`() throws {
      let photos = try Scratch.copy(of: Photos.few)
      let run = try Members.train(on: photos, ["training.max-steps=1"])
      try FileManager.default.removeItem(atPath: photos)
      let predicted = try tutti(["predict", "--model", run.path, Photos.few], ranks: 2)
      #expect(predicted.exitCode == 0, "\(predicted.errors)")
      #expect(predicted.lines.count == 31)
    }

    @Test(arguments: [1, 3])
    func `fewer photos than ranks`(count: Int) throws {
      let photos = (0..<count).map { "\(Photos.few)/stripes/0\($0).jpg" }
      let atoms = ["--csv"] + set(["evaluation.micro-batch=1"])
      let runs = try [1, 4].map { try tutti(["predict"] + models + atoms + photos, ranks: $0) }
      #expect(runs.allSatisfy { $0.exitCode == 0 }, "\(runs[1].errors)")
      #expect(runs[0].lines.count == 1 + count && runs[1].output == runs[0].output)
    }

    @Test func `a quoted pattern is the files that it matches`() throws {
      let quoted = try tutti(
        ["predict", "--csv"] + models + ["\(Photos.few)/[ds]*/*1.jpg"], ranks: 2)
      let files = ["disc/01", "disc/11", "stripes/01"].map { "\(Photos.few)/\($0).jpg" }
      #expect(quoted.output == (try tutti(["predict", "--csv"] + models + files)).output)
      let nothing = try tutti(["predict"] + models + ["\(Photos.few)/*.tiff"], ranks: 2)
      #expect(nothing.exitCode == 65)
      #expect(
        nothing.complaints == ["tutti: \(Photos.few)/*.tiff: matches no file or folder"])
    }

    @Test
    func `each photo has a heat map, the same at any number of ranks, as are the answers`() throws {
      let plain = try tutti(["predict", "--csv"] + models + [Photos.few, "nowhere.jpg"])
      let folders = try [1, 2].map { ranks in
        let folder = try Scratch.path("maps/of/\(ranks)")
        let run = try tutti(
          ["predict", "--csv", "--heat-map", folder] + models + [Photos.few, "nowhere.jpg"],
          ranks: ranks)
        #expect(run.exitCode == 65 && run.complaints.count == 1, "\(run.errors)")
        #expect(run.output == plain.output)
        return try RunFiles(folder).contents()
      }
      #expect(folders[0] == folders[1])
      let names = folders[0].keys.sorted()
      #expect(names.count == 30 && names.prefix(2) == ["01-00.png", "02-01.png"])
      #expect(names[9] == "10-00.png", "of another folder")
      for (name, bytes) in folders[0] {
        let file = try PNGFile(Array(bytes))
        #expect((file.width, file.height, file.channels) == (32, 32, 3), "\(name)")
        // Half of a pixel is the photo's, which no heat makes black all over.
        #expect(Set(file.pixels).count > 30, "\(name)")
      }
      #expect(Set(folders[0].values).count > 20)
    }

    @Test func `a photo that can't be read takes nothing from its neighbours' heat maps`() throws {
      let maps = try ["cross/00.jpg", "nowhere.jpg"].map { second in
        let folder = try Scratch.path("maps")
        let photos = ["disc/01.jpg", second, "stripes/03.jpg"].map { "\(Photos.few)/\($0)" }
        _ = try tutti(["predict", "--heat-map", folder] + models + photos)
        return try RunFiles(folder).contents()
      }
      #expect(
        maps.map { $0.keys.sorted() } == [
          ["1-01.png", "2-00.png", "3-03.png"], ["1-01.png", "3-03.png"],
        ])
      #expect(maps[1] == maps[0].filter { $0.key != "2-00.png" })
    }

    @Test func `a photo may have the longest of names`() throws {
      let photos = try Scratch.path("photos")
      try FileManager.default.createDirectory(atPath: photos, withIntermediateDirectories: true)
      let name = String(repeating: "ä", count: 125)
      try FileManager.default.copyItem(
        atPath: "\(Photos.few)/disc/00.jpg", toPath: "\(photos)/\(name).jpg")
      let folder = try Scratch.path("maps")
      let run = try tutti(["predict", "--heat-map", folder] + models + [photos])
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(try Array(RunFiles(folder).contents().keys) == ["1-\(name.prefix(50)).png"])
    }

    @Test func `heat maps of other parts of a photo aren't laid over each other`() throws {
      let augment = "augment=[{resize: {size: 32, crop: 0.5}}, normalize]"
      let cropped = try Members.train(
        on: try Members.made.get().photos, ["training.max-steps=1", augment])
      let run = try tutti(
        ["predict", "--heat-map", try Scratch.path("maps"), "--model", cropped.path] + models
          + [Photos.few], ranks: 2)
      #expect(run.exitCode == 65 && run.output.isEmpty && run.complaints.count == 1)
      #expect(run.complaints.first?.contains("look at other parts of a photo (crop)") == true)
    }

    @Test func `a folder for heat maps that can't be had is told before the work`() throws {
      let photos = try Scratch.copy(of: Photos.few)
      let full = try tutti(
        ["predict", "--heat-map", "\(photos)/disc"] + models + [photos], ranks: 2)
      #expect(full.exitCode == 65 && full.output.isEmpty)
      #expect(
        full.complaints == [
          "tutti: \(photos)/disc has files in it already; name another folder with --heat-map, or "
            + "empty this one"
        ])
      let file = "\(photos)/disc/00.jpg"
      for folder in [file, "\(file)/maps"] {
        let run = try tutti(["predict", "--heat-map", folder] + models + [photos], ranks: 2)
        #expect(run.exitCode != 0 && run.output.isEmpty && run.complaints.count == 1)
        #expect(run.complaints.first?.contains("\(folder) can't be made") == true)
      }
    }

    @Test func `a path of no characters names no photo`() throws {
      let run = try tutti(["predict"] + models + ["\(Photos.few)/disc/00.jpg", ""], ranks: 2)
      #expect(run.exitCode == 65 && run.output.isEmpty && run.complaints.count == 1)
      #expect(run.complaints.first?.contains("one of the photos' paths is empty") == true)
    }

    @Test func `what can't be done is told in one line`() throws {
      let empty = try Scratch.path("empty")
      try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
      let nothing = try tutti(["predict"] + models + [empty], ranks: 2)
      #expect(nothing.exitCode == 65)
      #expect(
        nothing.complaints == [
          "tutti: \(empty): no photos (.jpg, .jpeg, .png, .webp) in this folder or below it"
        ])

      let grey = RunFiles(try Scratch.path("grey"))
      let trained = try tutti(
        ["train", "--data", "/usr/share/datasets/fashion-mnist", "--run", grey.path]
          + set(["model.name=cifar-resnet8", "model.image-size=28", "training.max-steps=1"]))
      try #require(trained.exitCode == 0, "\(trained.errors)")
      let refused = try tutti(["predict", "--model", grey.path, Photos.few], ranks: 2)
      #expect(refused.exitCode == 65 && refused.complaints.count == 1)
      #expect(refused.complaints.first?.contains("was trained on grey images") == true)
    }
  }
}
