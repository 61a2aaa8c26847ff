import Support
import Checkpoints
import Foundation
import Runs
import Support
import Testing

@Suite struct RunListTests {
  let scratch: Scratch
  let now = Int(Date().timeIntervalSince1970)

  init() throws { scratch = try Scratch() }

  /// A run's folder with a checkpoint after so many epochs of ten steps.
  private func makeRun(_ name: String, recipe: String, epochs: Int, best: Double? = nil) throws {
    try scratch.write(recipe, to: "\(name)/recipe.yaml")
    let state = TrainingState(
      step: 10 * epochs, epoch: epochs, best: best.map { .init(value: $0, step: 10) },
      recipeDigest: "r", dataDigest: "d")
    try scratch.write(
      String(decoding: StateFile.encode(state), as: UTF8.self),
      to: "\(name)/checkpoints/step-000000\(10 * epochs)/state.json")
  }

  private func summary(_ name: String, later seconds: Int = 100_000) -> RunSummary {
    RunSummary(RunFolder(path: "\(scratch.path)/\(name)"), name: name, now: now + seconds)
  }

  @Test func `a run has finished after its epochs or steps`() throws {
    try makeRun("a", recipe: "training: {epochs: 3}", epochs: 3, best: 0.5)
    #expect(summary("a").progress == .finished)
    #expect(summary("a").best == 0.5)
    #expect(summary("a").note == nil)
    try makeRun("b", recipe: "training: {epochs: 4}", epochs: 3)
    #expect(summary("b").progress == .stopped)
    #expect(summary("b").epochsDone == 3)
    try makeRun("c", recipe: "training: {epochs: 4, max-steps: 30}", epochs: 3)
    #expect(summary("c").progress == .finished)
  }

  @Test func `hours are those of steps and validations, and a torn line is none`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 1)
    try scratch.write(
      """
      {"kind":"step","seconds":1800}
      {"kind":"epoch","validation_seconds":1200}
      {"kind":"step","seconds":600}
      {"kind":"step","sec
      """, to: "a/metrics.jsonl")
    #expect(summary("a").hours == 1)
    // Ten steps take 6000 s.
    #expect(summary("a", later: 5000).progress == .running)
    #expect(summary("a", later: 7000).progress == .stopped)
  }

  @Test func `a run without times has no hours`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 1)
    try scratch.write("{\"kind\":\"step\"}\n", to: "a/metrics.jsonl")
    #expect(summary("a").hours == nil)
    #expect(summary("a", later: 200).progress == .running)
  }

  @Test func `what can't be read is said`() throws {
    try makeRun("a", recipe: "training: {epochs: 4}", epochs: 1, best: 0.5)
    try scratch.write("{\"digest\": \"torn", to: "a/checkpoints/step-00000020/state.json")
    #expect(summary("a").best == 0.5)
    try scratch.write("trainin: {epochs: 4}", to: "b/recipe.yaml")
    #expect(summary("b").progress == .noCheckpoint)
    #expect(summary("b").note?.contains("did you mean `training`?") == true)
    try scratch.write("x", to: "c/checkpoints/step-00000020/state.json")
    try scratch.write("training: {epochs: 4}", to: "c/recipe.yaml")
    #expect(summary("c").progress == .noCheckpoint)
    #expect(summary("c").note?.hasSuffix("step-00000020/state.json can't be read") == true)
    try scratch.write("x", to: "d/photo.jpg")
    #expect(summary("d").progress == .notARun)
  }

  @Test func `runs are found inside folders that are none`() throws {
    try makeRun("b", recipe: "training: {epochs: 4}", epochs: 1)
    try makeRun("a/fold-1", recipe: "training: {epochs: 4, seed: 1}", epochs: 1)
    try makeRun("a/fold-0", recipe: "training: {epochs: 4}", epochs: 1)
    try scratch.write("training: {epochs: 4}", to: "a/recipe.yaml")
    try scratch.write("x", to: "c/d/photo.jpg")
    try scratch.write("x", to: "file")
    try scratch.write("training: {epochs: 4}", to: ".hidden/recipe.yaml")
    let list = try RunList(below: scratch.path)
    #expect(list.runs.map(\.name) == ["a/fold-0", "a/fold-1", "b", "c"])
    #expect(list.differences.map(\.key) == ["training.seed"])
    #expect(list.differences.first?.values == ["42", "1", "42", nil])
    #expect(throws: RunError.noFolder("\(scratch.path)/x")) {
      try RunList(below: "\(scratch.path)/x")
    }
  }

  @Test func `new folders count up for their date and name`() throws {
    func next(_ name: String, _ date: String) -> String {
      RunFolder.next(named: name, date: date, in: scratch.path).path
    }
    #expect(next("r", "2026-03-01") == "\(scratch.path)/2026-03-01-r-1")
    try scratch.write("", to: "2026-03-01-r-1/recipe.yaml")
    try scratch.write("", to: "2026-03-01-r-2")
    #expect(next("r", "2026-03-01") == "\(scratch.path)/2026-03-01-r-3")
    #expect(next("r", "2026-03-02") == "\(scratch.path)/2026-03-02-r-1")
    #expect(RunFolder.localDate().wholeMatch(of: /20[0-9]{2}-[0-9]{2}-[0-9]{2}/) != nil)
  }
}
