import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  @Suite struct PreviewTests {
    private let settings = set([
      "model.image-size=32", "training.global-batch=8", "training.micro-batch=4",
      "augment=[resize, {random-rotation: 30}, {color-jitter: {hue: 0.2}}, normalize]",
      "mixing.cutmix=1",
    ])

    private func preview(_ output: String, _ options: String...) throws -> WorkerRun {
      try tutti(
        ["data", "preview", Photos.few, "--out", output, "--epoch", "1"] + options + settings)
    }

    @Test func `a sample is the same whichever others are shown`() throws {
      let (some, one) = (try Scratch.path("some"), try Scratch.path("one"))
      #expect(try preview(some, "--count", "7").exitCode == 0)
      #expect(try preview(one, "--count", "1", "--place", "5").exitCode == 0)
      let names = try FileManager.default.contentsOfDirectory(atPath: some)
      #expect(names.count == 9)
      let file = "sample-000005.png"
      func bytes(_ folder: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
      }
      #expect(try bytes(some) == bytes(one))
      let json = try Data(contentsOf: URL(fileURLWithPath: "\(one)/samples.json"))
      let list = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
      let sample = try #require((list["samples"] as? [[String: Any]])?.first)
      #expect(sample["place"] as? Int == 5 && sample["file"] as? String == file)
      let steps = try #require(sample["steps"] as? [[String: Any]])
      #expect(steps.map { $0["step"] as? String } == ["resize", "random-rotation", "color-jitter"])
      let drawn = try #require(steps[1]["drawn"] as? [[String: Any]])
      let degrees = try #require(drawn.first?["value"] as? Double)
      #expect(abs(degrees) <= 30)
      // The micro-batches are of four: the one before place 5 is its partner.
      let mixed = try #require(sample["mixed"] as? [String: Any])
      #expect(mixed["partner"] as? Int == 4)
      #expect((mixed["box"] as? [Int])?.count == 4)
    }

    @Test func `a sheet and a page are single files`() throws {
      let folder = try Scratch.path("out")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for name in ["sheet.png", "page.html"] {
        let run = try preview("\(folder)/\(name)", "--count", "3")
        #expect(run.output == "written   \(folder)/\(name)\n")
      }
      let page = try String(contentsOfFile: "\(folder)/page.html", encoding: .utf8)
      #expect(page.components(separatedBy: "data:image/png;base64,").count == 4)
      #expect(page.components(separatedBy: "data:image/jpeg;base64,").count == 4)
      #expect(page.contains("<b>random-rotation</b> degrees "))
    }

    @Test func `what the weights say of photos counts`() throws {
      let run = try Members.made.get().runs[1]
      let (own, named) = (try Scratch.path("own"), try Scratch.path("named"))
      let of = ["data", "preview", Photos.few, "--count", "2", "--out"]
      #expect(try tutti(of + [own, "--recipe", run.path]).exitCode == 0)
      let weights = ["--set", "model.weights=\(run.path)", "--set", "training.seed=2"]
      let noted = try tutti(of + [named] + weights)
      #expect(noted.output.contains("weights   the net is theirs"), "\(noted.errors)")
      for file in ["sample-000000.png", "sample-000001.png"] {
        #expect(try contents(of: "\(own)/\(file)") == contents(of: "\(named)/\(file)"))
      }
      let missing = try tutti(of + [own, "--set", "model.weights=nowhere.pth"])
      #expect(missing.exitCode == 65 && missing.errors.contains("nowhere.pth is not there"))
    }

    @Test func `nothing is written among other files, or under a picture's name`() throws {
      let folder = try Scratch.path("mine")
      #expect(try preview(folder, "--count", "1").exitCode == 0)
      let again = try preview(folder, "--count", "1")
      #expect(again.exitCode == 65 && again.errors.contains("has files in it already"))
      let picture = try preview("\(folder).jpg", "--count", "1")
      #expect(picture.exitCode == 65 && picture.errors.contains("is no name for a preview"))
    }

    @Test func `a place behind the end is refused`() throws {
      let run = try preview(try Scratch.path("none"), "--place", "1000")
      #expect(run.exitCode == 65)
      #expect(run.errors.contains("an epoch has no place 1000: there are "))
    }
  }
}
