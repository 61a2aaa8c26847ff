import Foundation
import Glibc
import Images
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// Photos in a pack, wherever a folder is taken.
  @Suite struct PackTests {
    private func pack(_ photos: String, _ options: [String] = []) throws -> String {
      let pack = try Scratch.path("photos.pack")
      let run = try tutti(["data", "pack", photos, pack] + options)
      #expect(run.exitCode == 0, "\(run.errors)")
      return pack
    }

    private func names(in folder: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    @Test func `a run on a pack has the bits of one on the folder, and goes on with it`() throws {
      let reference = try Reference.made.get()
      let pack = try pack(reference.photos, ["--shard-size", "1"])
      for (ranks, stage) in [(1, "none"), (2, "memory"), (4, try Scratch.path("stage"))] {
        let files = RunFiles(try Scratch.path("run"))
        let run = try tutti(
          reference.options(files, ["data.path=\(pack)", "data.stage=\(stage)"]).filter {
            $0 != "--data" && $0 != reference.photos
          }, ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("stage     copied \(pack), ") == (stage != "none"))
        try reference.expectSameBits(files)
      }
      let files = RunFiles(try Scratch.path("run"))
      let first = try tutti(reference.options(files, ["training.max-steps=17"]), ranks: 2)
      #expect(first.exitCode == 0, "\(first.errors)")
      let second = try tutti(
        reference.options(files).map { $0 == reference.photos ? pack : $0 }, ranks: 3)
      #expect(second.exitCode == 0, "\(second.errors)")
      try reference.expectSameBits(files)
    }

    @Test func `what takes a folder takes its pack, with the same answers`() throws {
      let members = try Members.made.get()
      let pack = try pack(members.photos)
      let few = try self.pack(Photos.few)
      let model = members.runs[0].path
      for (command, folder, pack) in [
        (["evaluate", "--model", model, "--json", "--data"], members.photos, pack),
        // In the order of paths; a pack's photos are in that of the list, which begins with those to train on.
        (["predict", "--model", model, "--csv"], Photos.few, few),
        (["data", "inspect", "--json"], members.photos, pack),
      ] {
        let (plain, packed) = (
          try tutti(command + [folder], ranks: 2), try tutti(command + [pack])
        )
        #expect(plain.exitCode == 0 && packed.exitCode == 0, "\(plain.errors)\(packed.errors)")
        #expect(
          plain.output.replacing(folder + "/", with: "").replacing(folder, with: "")
            == packed.output.replacing(pack, with: ""))
        #expect(plain.output.count > 100)
      }
      let cv = try Scratch.path("cv")
      let crossval = try tutti(
        ["crossval", "--folds", "2", "--data", pack, "--run", cv]
          + set(Photos.settings + ["training.max-steps=2", "data.stage=memory"]), ranks: 2)
      #expect(crossval.exitCode == 0, "\(crossval.errors)")
      let page = try Scratch.path("doubts.html")
      let doubts = try tutti(["data", "doubts", cv, "--html", page])
      #expect(doubts.exitCode == 0, "\(doubts.errors)")
      #expect(try String(contentsOfFile: page, encoding: .utf8).contains("data:image/jpeg"))
      let sheet = try Scratch.path("sheet.png")
      #expect(
        try tutti(["data", "preview", pack, "--out", sheet] + set(Photos.settings)).exitCode == 0)
      let two = try tutti(["predict", "--model", model, pack, members.photos])
      #expect(two.exitCode == 65 && two.errors.contains("is a pack, which is predicted by itself"))
      let split = try tutti(["data", "split", pack, "--output", try Scratch.path("m.csv")])
      #expect(split.exitCode == 65 && split.errors.contains("tutti data unpack makes them files"))
      let staged = try tutti(
        ["train", "--data", members.photos, "--run", try Scratch.path("run")]
          + set(Photos.settings + ["data.stage=memory"]), ranks: 2)
      #expect(staged.exitCode == 65)
      #expect(
        staged.complaints == [
          "tutti: \(members.photos): data.stage copies packs, and this is none; make one with tutti data pack "
            + "\(members.photos) photos.pack, or set data.stage=none"
        ])
    }

    @Test func `a flipped byte ends the run, and is named with its photo`() throws {
      let pack = try pack(Photos.few)
      let shard = "\(pack)/shard-00000.pack"
      var bytes = try contents(of: shard)
      bytes[128 + 15_000] ^= 1
      try Data(bytes).write(to: URL(filePath: shard))
      for stage in ["none", "memory", try Scratch.path("stage")] {
        let run = try tutti(
          ["train", "--data", pack, "--run", try Scratch.path("run")]
            + set(Photos.settings + ["training.epochs=1", "data.stage=\(stage)"]), ranks: 2)
        #expect(run.exitCode == 65, "\(run.output)")
        let line = run.complaints.first ?? ""
        #expect(line.contains("photos.pack: disc/"), "\(line)")
        #expect(line.contains("changed since it was packed") && line.contains(shard), "\(line)")
        if stage.hasPrefix("/") { #expect(names(in: stage).isEmpty) }
      }
    }

    @Test func `a damaged copy is told, and no photo of it is left out`() throws {
      let (pack, stage) = (try pack(Photos.few), try Scratch.path("stage"))
      func run() throws -> WorkerRun {
        try tutti(
          ["train", "--data", pack, "--run", try Scratch.path("run"), "--skip-corrupt"]
            + set(Photos.settings + ["training.max-steps=1", "data.stage=\(stage)"]), ranks: 2)
      }
      #expect(try run().exitCode == 0)
      let copy = "\(stage)/\(try #require(names(in: stage).first))"
      let shard = "\(copy)/shard-00000.pack"
      let honest = try contents(of: shard)
      var bytes = honest
      bytes[128 + 15_000] ^= 1
      try Data(bytes).write(to: URL(filePath: shard))
      let flipped = try run()
      #expect(flipped.exitCode == 65)
      #expect(
        flipped.complaints.first?.contains("changed since it was packed") == true,
        "\(flipped.errors)")
      try Data(honest.dropLast(9)).write(to: URL(filePath: shard))
      let cut = try run()
      #expect(cut.exitCode == 65)
      #expect(
        cut.complaints.first?.contains(
          "the copy is damaged: remove it, and the next start makes another: rm -r \(copy)")
          == true,
        "\(cut.errors)")
    }

    @Test func `a pack isn't put where it does harm`() throws {
      let photos = try Scratch.copy(of: Photos.few)
      for (out, says) in [
        ("\(photos)/in.pack", "inside the folder of the photos"),
        (try Scratch.path("photos.csv"), "a name that ends in .csv is a manifest's"),
        (photos, "is there already"),
      ] {
        let run = try tutti(["data", "pack", photos, out])
        #expect(run.exitCode == 65 && run.errors.contains(says), "\(run.errors)")
      }
      #expect(names(in: photos) == Photos.classes)
      let run = try tutti(["train", "--data", photos] + set(["data.stage=Memory"]))
      #expect(run.exitCode == 65 && run.errors.contains("did you mean `memory`?"), "\(run.errors)")
    }

    /// Photos whose pixels take some tenths of a second to be packed or copied.
    private func large() throws -> String {
      let photos = try Scratch.copy(of: Photos.few, named: "photos")
      let side = 5000
      let image = Image(
        height: side, width: side, channels: 3,
        pixels: [UInt8](repeating: 7, count: 3 * side * side)
      )
      let file = try Data(image.png())
      for name in ["disc/1.png", "stripes/2.png"] {
        try file.write(to: URL(filePath: "\(photos)/\(name)"))
      }
      return photos
    }

    @Test func `kill -9 while packing or staging leaves nothing half`() throws {
      let photos = try large()
      let out = try Scratch.path("photos.pack")
      let place = URL(filePath: out).deletingLastPathComponent().path
      func partials(_ folder: String) -> [String] {
        names(in: folder).filter { $0.contains(".pack") && $0.contains(".partial-") }
          .map { "\(folder)/\($0)" }
      }
      var victim: Int32?
      let packing = ["data", "pack", photos, out, "--raw", "--shard-size", "10"]
      let killed = try tutti(packing) { running in
        if victim == nil,
          partials(place).contains(where: { names(in: $0).contains("shard-00000.pack") })
        {
          victim = running.process
          Glibc.kill(running.process, SIGKILL)
        }
      }
      try #require(victim != nil && killed.exitCode != 0)
      #expect(!FileManager.default.fileExists(atPath: out))
      let half = try #require(partials(place).first)
      let refused = try tutti(["data", "inspect", half])
      #expect(refused.exitCode == 65, "\(refused.output)")
      let again = try tutti(packing)
      #expect(again.exitCode == 0, "\(again.errors)")
      #expect(partials(place).isEmpty)

      let stage = try Scratch.path("stage")
      let training =
        ["train", "--data", out, "--run", try Scratch.path("run"), "--resume", "auto"]
        + set(Photos.settings + ["training.max-steps=1", "data.stage=\(stage)"])
      victim = nil
      _ = try tutti(training) { running in
        if victim == nil,
          partials(stage).contains(where: { names(in: $0).contains("shard-00000.pack") })
        {
          victim = running.process
          Glibc.kill(running.process, SIGKILL)
        }
      }
      try #require(victim != nil)
      #expect(names(in: stage).allSatisfy { $0.contains(".partial-") })
      for ranks in [2, 1] {
        let run = try tutti(training, ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
      }
      let copies = names(in: stage)
      #expect(copies.count == 1 && copies[0].hasPrefix("photos.pack-"))
      for name in names(in: out) {
        #expect(
          FileManager.default.contentsEqual(
            atPath: "\(out)/\(name)", andPath: "\(stage)/\(copies[0])/\(name)"))
      }
    }
  }
}
