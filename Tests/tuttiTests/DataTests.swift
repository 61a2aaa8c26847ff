import Foundation
import Glibc
import Images
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Photos as people keep them.
  @Suite struct DataTests {
    @Test func `a dead link is told, or left out when asked`() throws {
      let photos = try Scratch.copy(of: Photos.few)
      #expect(symlink("nowhere.jpg", "\(photos)/disc/gone.jpg") == 0)
      let training = ["train", "--data", photos, "--run", try Scratch.path("run")]
      let settings = set(Photos.settings + ["training.max-steps=1"])
      let refused = try tutti(training + settings)
      #expect(refused.exitCode == 65)
      #expect(
        refused.complaints.count == 1
          && refused.complaints[0].contains("disc/gone.jpg: can't be read: No such file"))
      let run = try tutti(training + ["--skip-corrupt"] + settings)
      #expect(run.exitCode == 0, "\(run.errors)")
    }

    @Test func `a manifest's line of a file that isn't there is corrupt, or left out when asked`()
      throws
    {
      let photos = try Scratch.copy(of: Photos.few)
      let manifest = "\(photos)/manifest.csv"
      #expect(try tutti(["data", "split", photos]).exitCode == 0)
      try FileManager.default.removeItem(atPath: "\(photos)/disc/00.jpg")
      let found = try tutti(["data", "inspect", manifest], ranks: 2)
      #expect(found.exitCode == 0, "\(found.errors)")
      #expect(
        found.output.contains("corrupt    1\n           disc/00.jpg: can't be read: No such file"))
      let training =
        ["train", "--data", manifest, "--run", try Scratch.path("run")]
        + set(Photos.settings + ["training.max-steps=1"])
      let refused = try tutti(training)
      #expect(refused.exitCode == 65)
      #expect(
        refused.complaints.first?.contains("paths are seen from the manifest's folder") == true)
      let run = try tutti(training + ["--skip-corrupt"])
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.contains("skipped   1 of 30 photos, which can't be decoded"))
    }

    @Test func `photos of other formats are the same photos`() throws {
      let photos = try Scratch.copy(of: Photos.few)
      let files = FileManager.default
      for name in try files.contentsOfDirectory(atPath: "\(photos)/disc") {
        let path = "\(photos)/disc/\(name)"
        let image = try Image(photo: contents(of: path), path: path)
        try files.removeItem(atPath: path)
        let suffix = name == "00.jpg" ? ".jpg" : ".png"
        try Data(image.png()).write(to: URL(filePath: path.dropLast(4) + suffix))
      }
      let found = try tutti(["data", "inspect", photos], ranks: 2)
      #expect(found.output.contains("formats    16 JPEG, 14 PNG"), "\(found.output)")
      let model = try Members.made.get().runs[0].path
      func probabilities(_ folder: String) throws -> [Substring] {
        try tutti(["predict", "--model", model, "--csv", "\(folder)/disc"]).lines.dropFirst().map {
          $0.drop { $0 != "," }
        }
      }
      #expect(try probabilities(photos) == probabilities(Photos.few))
    }

    @Test func `copies are found at any number of ranks, and a manifest keeps them together`()
      throws
    {
      let photos = try Scratch.copy(of: Photos.few)
      let files = FileManager.default
      let originals = ["disc/01.jpg", "cross/02.jpg", "stripes/03.jpg"]
      try files.copyItem(atPath: "\(photos)/\(originals[0])", toPath: "\(photos)/disc/copy.jpg")
      // Saved again, and under another class.
      for (original, copy) in [(originals[1], "cross/copy.png"), (originals[2], "disc/odd.png")] {
        let path = "\(photos)/\(original)"
        var image = try Image(photo: contents(of: path), path: path)
        if copy == "cross/copy.png" {
          image = Resize.resized(image, to: ImageSize(height: 48, width: 48))
        }
        try Data(image.png()).write(to: URL(filePath: "\(photos)/\(copy)"))
      }
      let inspect = ["data", "inspect", photos, "--duplicates"]
      let found = try [1, 2, 3].map { try tutti(inspect + ["--json"], ranks: $0) }
      for other in found { #expect(other.output == found[0].output, "\(other.errors)") }
      let summary = try #require(json(found[0]) as? [String: Any])
      let duplicates = try #require(summary["duplicates"] as? [String: Any])
      let groups = try #require(duplicates["groups"] as? [[String]])
      #expect(groups.contains(["disc/01.jpg", "disc/copy.jpg"]))
      #expect(groups.contains { $0.contains("cross/02.jpg") && $0.contains("cross/copy.png") })
      #expect(groups.contains { $0.contains("disc/odd.png") && $0.contains("stripes/03.jpg") })
      #expect(duplicates["across_classes"] as? Int ?? 0 >= 1)
      let manifest = "\(photos)/groups.csv"
      let written = try tutti(["data", "inspect", photos, "--write-groups", manifest])
      #expect(written.output.contains("copies     2 exact and "), "\(written.output)")
      #expect(written.output.contains("written    \(manifest)"))
      #expect(
        written.lines.contains {
          $0.contains("disc/odd.png") && $0.hasSuffix("; labels disc and stripes")
        })
      let again = try tutti(["data", "inspect", photos, "--write-groups", manifest])
      #expect(
        again.exitCode == 65 && again.errors.contains("name another file with --write-groups"))
      #expect(try tutti(["data", "inspect", manifest]).output.contains("groups "))
    }

    @Test(arguments: ["[2019] party", "a: b", "#1", "{x}", "'a", "~", "null", " x", "*"])
    func `a folder may be called anything`(name: String) throws {
      let path = "/nowhere/\(name)"
      for path in [path, name] {
        let run = try tutti(["train", "--data", path])
        #expect(run.exitCode == 65)
        let line = "tutti: \(path): there is no such folder; check the path of the photos"
        #expect(run.complaints == [line])
      }
    }
  }
}
