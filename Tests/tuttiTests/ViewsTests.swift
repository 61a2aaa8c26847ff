import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// Test-time views: several looks at each photo, averaged.
  @Suite struct ViewsTests {
    static let flip = "{random-horizontal-flip: 1}"
    static let turn = "{random-rotation: {degrees: [9, 9]}}"

    let members: Members
    var photos: String { members.photos }
    var paths: [String] { members.paths }

    init() throws { members = try Members.made.get() }

    /// What a model says of the few photos, a row for each: the fields of the CSV file.
    private func probabilities(_ views: String, _ more: String...) throws -> [[Double]] {
      let run = try tutti(
        ["predict", "--csv", "--model", paths[0], "--tta", views] + more + [Photos.few])
      try #require(run.exitCode == 0, "\(run.errors)")
      return run.lines.dropFirst().map {
        $0.split(separator: ",").dropFirst(2).compactMap { Double($0) }
      }
    }

    private func evaluate(_ models: [String], _ options: String..., ranks: Int? = nil) throws
      -> WorkerRun
    {
      let run = try tutti(["evaluate", "--model"] + models + options, ranks: ranks)
      try #require(run.exitCode == 0, "\(run.errors)")
      return run
    }

    @Test func `views are averaged as probabilities or as logits`() throws {
      let alone = try ["[[]]", "[[\(Self.flip)]]", "[[\(Self.turn)]]"].map { try probabilities($0) }
      let together = "[[], [\(Self.flip)], [\(Self.turn)]]"
      let means = try probabilities(together)
      let logits = try probabilities(together, "--set", "evaluation.average=logits")
      #expect(try alone[0] == probabilities("none") && alone[0] != alone[1])
      #expect(means.count == 30)
      for row in means.indices {
        #expect(
          means[row]
            == Photos.classes.indices.map {
              (alone[0][row][$0] + alone[1][row][$0] + alone[2][row][$0]) / 3
            })
        let products = Photos.classes.indices.map { index in
          exp(alone.reduce(0) { $0 + log($1[row][index]) } / 3)
        }
        let sum = products.reduce(0, +)
        for (found, product) in zip(logits[row], products) {
          #expect(abs(found - product / sum) < 1e-9)
        }
      }
      #expect(zip(means, logits).contains { abs($0[0] - $1[0]) > 1e-4 })
    }

    @Test func `the same bytes for any number of ranks and threads`() throws {
      for options in [
        ["--tta", "eight"], ["--tta", "[[{color-jitter: {hue: 0.5}}], [random-crop]]"],
      ] {
        let models = ["--model", paths[0], "--model", paths[2]]
        let arguments = ["evaluate", "--json"] + models + options
        let alone = try tutti(arguments)
        #expect(alone.exitCode == 0, "\(alone.errors)")
        for ranks in [1, 2, 4] {
          let run = try tutti(
            arguments + set(["data.loader-threads=\(5 - ranks)", "training.threads=\(ranks)"]),
            ranks: ranks)
          #expect(run.output == alone.output, "\(ranks) ranks: \(run.errors)")
        }
      }
    }

    /// Scores without the classes' intervals, which plain ones don't have, and what else they lack.
    private func bare(_ scores: Any?, without others: Set<String> = []) -> NSDictionary? {
      guard var scores = scores as? [String: Any] else { return nil }
      scores["per_class"] = (scores["per_class"] as? [[String: Any]])?.map { score in
        score.filter { $0.key != "intervals" && !others.contains($0.key) }
      }
      return scores as NSDictionary
    }

    @Test func `what views gain is told beside the plain view's scores`() throws {
      let plain = bare(try json(evaluate([paths[0]], "--json")))
      let viewed = try #require(
        try json(evaluate([paths[0]], "--json", "--tta", "eight")) as? [String: Any])
      #expect(viewed["views"] as? Int == 8)
      #expect(viewed["plain"] as? NSDictionary == plain)
      #expect(viewed["loss"] as? Double != plain?["loss"] as? Double)
      let text = try evaluate([paths[0]], "--tta", "eight").output
      #expect(
        try text.contains(Regex(#"(?m)^8 views, over the plain one: accuracy [+-]\d\.\d{3}, "#)))
      let crops = try #require(
        try json(evaluate([paths[0]], "--json", "--tta", "five-crop")) as? [String: Any])
      #expect(crops["views"] as? Int == 5 && crops["plain"] as? NSDictionary == plain)
    }

    @Test func `each model has the views of its own recipe, unless all are told`() throws {
      let own = try Members.train(
        on: photos, ["training.max-steps=4", "evaluation.tta=flip", "training.seed=9"])
      let document = try #require(
        try json(evaluate([own.path, paths[0]], "--json")) as? [String: Any])
      let members = try #require(document["members"] as? [[String: Any]])
        .compactMap { $0["scores"] as? NSDictionary }
      #expect(try members[0] == json(evaluate([own.path], "--json")) as? NSDictionary)
      #expect(try members[1] == json(evaluate([paths[0]], "--json")) as? NSDictionary)
      #expect(members[0]["views"] as? Int == 2 && members[1]["views"] == nil)
      let ensemble = try #require(document["ensemble"] as? [String: Any])
      #expect(ensemble["views"] as? Int == 3)
      let plain = try #require(
        try json(evaluate([own.path, paths[0]], "--json", "--tta", "none")) as? [String: Any])
      #expect(ensemble["plain"] as? NSDictionary == bare(plain["ensemble"]))
      let text = try evaluate([own.path, paths[0]]).output
      #expect(try text.contains(Regex(#"(?m)^  plain view( +\d\.\d{3}){6}$"#)))
      #expect(text.components(separatedBy: "\n  plain view ").count == 3)
    }

    @Test func `folds are predicted by views, and trained as without`() throws {
      let plain = try Crossval(ranks: nil, set(["training.epochs=2"]))
      let viewed = try [nil, 2].map {
        try Crossval(ranks: $0, set(["training.epochs=2"]) + ["--tta", "eight"])
      }
      #expect(viewed[0].run.exitCode == 0, "\(viewed[0].run.errors)")
      #expect(viewed[0].results == viewed[1].results)
      #expect(try viewed[0].weights == plain.weights)
      let (all, without) = (try viewed[0].scores(), try plain.scores())
      let outOfFold = try #require(all["out_of_fold"] as? [String: Any])
      let comparison = try #require(outOfFold["plain"] as? [String: Any])
      let expected = try #require(without["out_of_fold"] as? [String: Any])
      #expect(outOfFold["views"] as? Int == 8)
      // Of the plain views, the folds' files have no probabilities.
      let known = try #require(
        bare(expected, without: ["auroc", "average_precision"]) as? [String: Any]
      ).filter { comparison[$0.key] != nil }
      #expect(known.count >= 8 && comparison as NSDictionary == known as NSDictionary)
      let means = try #require(all["plain"] as? [String: Any])
      #expect(means["macro_f1"] as? NSDictionary == without["macro_f1"] as? NSDictionary)
      #expect(outOfFold["loss"] as? Double != expected["loss"] as? Double)
      #expect(viewed[0].run.output.contains("\nmean, plain view "))
      #expect(viewed[0].run.output.contains("\n8 views, over the plain one: "))
    }

    @Test func `heat maps look at the plain view`() throws {
      let maps = try ["none", "[[\(Self.flip)]]"].map { views in
        let folder = try Scratch.path("maps")
        let run = try tutti(
          ["predict", "--csv", "--heat-map", folder, "--tta", views, "--model", paths[0]]
            + [Photos.few])
        #expect(run.exitCode == 0, "\(run.errors)")
        return (
          try RunFiles(folder).contents(),
          run.lines.dropFirst().map { $0.split(separator: ",")[1] }
        )
      }
      var same = 0
      for (index, name) in maps[0].0.keys.sorted().enumerated()
      where maps[0].1[index] == maps[1].1[index] {
        #expect(maps[0].0[name] == maps[1].0[name], "\(name)")
        same += 1
      }
      #expect(same > 10)
    }

    @Test func `what can't be averaged is told in one line`() throws {
      let typo = try tutti(["evaluate", "--model", paths[0], "--tta", "eigth"], ranks: 2)
      #expect(typo.exitCode == 65)
      #expect(
        typo.complaints == [
          "tutti: --set evaluation.tta=eigth: `evaluation.tta` is `eigth`; did you mean `eight`?"
        ])
      let large = try tutti(
        ["predict", "--model", paths[0], "--tta", "[[{center-crop: 40}]]", Photos.few], ranks: 2)
      #expect(large.exitCode == 65 && large.complaints.count == 1)
      #expect(
        large.complaints.first?.hasSuffix(
          "`center-crop: 40` in view 1 of `evaluation.tta` is more than the 32×32 pixels that it is cut "
            + "of; cut less, or begin the view with a larger `resize`") == true)
      let nothing = try tutti(
        ["evaluate", "--model", paths[0], "--set", "evaluation.average=logits"], ranks: 2)
      #expect(nothing.exitCode == 65)
      #expect(
        nothing.complaints == [
          "tutti: --set evaluation.average=logits: `evaluation.average` has nothing to average, since one "
            + "model looks at each photo once; leave it out, or ask for views with --tta"
        ])
      let other = try Members.train(
        on: photos, ["training.max-steps=1", "evaluation.average=logits"])
      let differing = try tutti(["evaluate", "--model", paths[0], other.path], ranks: 2)
      #expect(differing.exitCode == 65 && differing.complaints.count == 1)
      #expect(
        differing.complaints.first?.hasSuffix(
          "; say for all with --set evaluation.average=probabilities") == true)
      #expect(
        differing.complaints.first?.contains("`evaluation.average` is probabilities in ") == true)
      _ = try evaluate([paths[0], other.path], "--set", "evaluation.average=logits")
      _ = try evaluate([other.path])
    }
  }
}
