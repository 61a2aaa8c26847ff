import Diagnosis
import Evaluation
import Files
import Recipes
import Runs
import Support
import Testing

/// What is read of folders, and what comes of several trainings in one.
@Suite struct RecordTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private var run: String { "\(scratch.path)/run" }

  @Test func `the best epoch counts, or the last where it is named so`() throws {
    var patient = Patient()
    patient.epochs[3].matrix = Patient.matrix(right: 9, of: 10, photos: 34)
    try patient.write(to: scratch)
    var text = String(decoding: try contents(of: "\(run)/metrics.jsonl"), as: UTF8.self)
    text = text.replacing("\"epoch\":3,\"is_best\":true", with: "\"epoch\":3,\"is_best\":false")
      .replacing("\"epoch\":1,\"is_best\":false", with: "\"epoch\":1,\"is_best\":true")
    try scratch.write(text, to: "run/metrics.jsonl")
    #expect(try RunRecord(path: run).trainings[0].epoch?.epoch == 1)
    let last = try RunRecord(path: "\(run)@last")
    #expect(last.trainings[0].epoch?.epoch == 3)
    #expect(try #require(last.scores)[.accuracy] > 0.85)
  }

  @Test func `torn lines, zeros and lines of other kinds are passed over`() throws {
    try Patient().write(to: scratch)
    let whole = try RunRecord(path: run).trainings[0].metrics
    let bytes = try contents(of: "\(run)/metrics.jsonl")
    try scratch.write(
      Array("{\"kind\":\"other\"}\n\0\0\0\n{\"kind\":\"step\",\"st\n".utf8) + bytes
        + Array("{\"kind\":\"ep".utf8),
      to: "run/metrics.jsonl")
    let read = try RunRecord(path: run).trainings[0].metrics
    #expect(read.steps.count == 100 && whole.steps.count == 100)
    #expect(read.epochs.count == 4 && read.starts.count == 1 && read.skipped.isEmpty)
  }

  @Test func `what is no run, or has no steps, is an error that says what to do`() throws {
    try scratch.makeFolder("empty")
    #expect(throws: RunError.noRun("\(scratch.path)/empty")) {
      try RunRecord(path: "\(scratch.path)/empty")
    }
    try scratch.write("training: {epochs: 4}", to: "new/recipe.yaml")
    #expect(throws: RunError.nothingMeasured("\(scratch.path)/new")) {
      try RunRecord(path: "\(scratch.path)/new")
    }
    try scratch.write("training: {epochs: 4}", to: "average/recipe.yaml")
    try ModelOrigin(.average, of: ["a", "b"], photos: 0).write(
      to: RunFolder(path: "\(scratch.path)/average"))
    #expect(throws: RunError.notTrained("\(scratch.path)/average", "an average")) {
      try RunRecord(path: "\(scratch.path)/average")
    }
    try scratch.write("training: {epochs: 4}", to: "probe/recipe.yaml")
    try scratch.write("{}", to: "probe/scores.json")
    #expect(throws: RunError.damagedScores("\(scratch.path)/probe/scores.json")) {
      try RunRecord(path: "\(scratch.path)/probe")
    }
  }

  @Test func `of a cross-validation, the folds that have it are told`() throws {
    try scratch.write("training: {epochs: 4}", to: "cv/recipe.yaml")
    try scratch.write("{\"data_digest\":\"d\",\"folds\":3}", to: "cv/crossval.json")
    for fold in 0..<3 {
      var patient = Patient()
      patient.recipe = "training: {epochs: 4}\ncrossval: {folds: 3, fold: \(fold)}"
      if fold > 0 {
        for index in patient.epochs.indices {
          patient.epochs[index].waited = 0.2 + 0.2 * Double(fold)
        }
      }
      try patient.write(to: scratch, "cv/folds/fold-\(fold)")
    }
    var diagnosis = Diagnosis(try RunRecord(path: "\(scratch.path)/cv"))
    #expect(diagnosis.folds == 3 && diagnosis.findings.count == 1)
    #expect(diagnosis.findings[0].folds == [1, 2])
    let worst = try #require(diagnosis.findings[0].illness as? WaitingForPhotos)
    #expect(abs(worst.share - 0.6) < 1e-9 && worst.severity == .serious)
    // Scores are of all that was held out.
    let matrix = ConfusionMatrix(classes: ["a", "b"], rows: [[90, 10], [40, 20]])
    let scores = try JSONText.encode(ViewedScores(Scores(matrix, loss: 1)))
    try scratch.write("{\"out_of_fold\":\(scores)}", to: "cv/scores.json")
    diagnosis = Diagnosis(try RunRecord(path: "\(scratch.path)/cv"))
    #expect(diagnosis.findings.map { type(of: $0.illness).name }.contains("weak-classes"))
    #expect(diagnosis.findings.first { $0.illness is WeakClasses }?.folds == nil)
    #expect(diagnosis.unseen == [.labels])
    // A fold alone is a run.
    #expect(Diagnosis(try RunRecord(path: "\(scratch.path)/cv/folds/fold-2")).folds == nil)
  }

  @Test func `the JSON has the keys of the documentation`() throws {
    var patient = Patient()
    patient.photosOfClasses[3] = 8
    let record = try patient.record()
    let text = try JSONText.encode(DiagnosisDocument(Diagnosis(record), of: record))
    #expect(text.hasPrefix("{\"accuracy\":0.8"))
    #expect(
      text.contains(
        "\"findings\":[{\"changes\":[{\"advice\":\"collect photos of class3\"},{\"set\":\"data.sampling=square-root\"}],"
          + "\"evidence\":{\"classes\":[{\"name\":\"class3\",\"photos\":8}],\"usual\":60},\"name\":\"few-photos-of-class\","
          + "\"severity\":\"minor\"}],\"is_healthy\":false,"), "\(text)")
  }
}
