@testable import Diagnosis
import Evaluation
import Files
import Runs
import Support
import Testing

@Suite struct RunComparisonTests {
  private func compare(_ a: Patient, _ b: Patient) throws -> RunComparison {
    RunComparison(try a.record(), try b.record())
  }

  private func patient(right: Int, recipe: String = "training: {epochs: 4}") -> Patient {
    var patient = Patient()
    patient.recipe = recipe
    for index in patient.epochs.indices {
      patient.epochs[index].matrix = Patient.matrix(right: right, of: 20, photos: 34)
    }
    return patient
  }

  @Test func `what is better by more than chance is told, and what isn't`() throws {
    let found = try compare(
      patient(right: 10), patient(right: 16, recipe: "training: {epochs: 4, seed: 7}"))
    #expect(found.verdict == .secondIsBetter && !found.isPaired && found.mcNemar == nil)
    #expect(
      found.settings == [
        .init(key: "training.seed", first: "42", second: "7", affectsResults: true)
      ])
    #expect(found.photos == [340, 340] && !found.areOtherPhotos && found.decidedBy == "macro_f1")
    #expect(try compare(patient(right: 16), patient(right: 10)).verdict == .firstIsBetter)
    #expect(try compare(patient(right: 16), patient(right: 17)).verdict == .notApart)
    #expect(found.classes.count == 10 && found.classes[0].gain > 0.2)
    #expect(found.imagesPerSecond == .init(first: 32, second: 32))
    #expect(found.residentBytes == .init(first: nil, second: nil))
  }

  @Test func `other photos and other classes are told`() throws {
    var other = patient(right: 16)
    for index in other.epochs.indices {
      other.epochs[index].matrix = Patient.matrix(right: 8, of: 10, photos: 20)
    }
    #expect(try compare(patient(right: 16), other).areOtherPhotos)
    for index in other.epochs.indices {
      other.epochs[index].matrix = Patient.matrix(right: 8, of: 10, photos: 20, classes: 5)
    }
    let found = try compare(patient(right: 16), other)
    #expect(found.verdict == .notComparable && found.classes.isEmpty && found.accuracy == nil)
  }

  /// One photo of twenty is right in the second alone: by their numbers that may be chance, photo by photo it is not.
  @Test func `photos that both were asked about are compared one by one`() throws {
    let scratch = try Scratch()
    for (name, right) in [("a", 12), ("b", 13)] {
      var (text, matrix) = (
        "path,label,p_class0,p_class1\n", ConfusionMatrix(classes: ["class0", "class1"])
      )
      for photo in 0..<200 {
        let label = photo % 2
        let said = photo / 2 % 20 < right ? label : 1 - label
        matrix.add(label: label, predicted: said)
        // In another order, which is none of theirs.
        let line = "\(photo).jpg,class\(label),\(said == 0 ? "0.9,0.1" : "0.1,0.9")\n"
        text =
          name == "a"
          ? text + line
          : text.replacing("p_class1\n", with: "p_class1\n" + line, maxReplacements: 1)
      }
      var patient = Patient()
      for index in patient.epochs.indices { patient.epochs[index].matrix = matrix }
      try patient.write(to: scratch, name)
      try scratch.write(text, to: "\(name)/validation.csv")
    }
    func record(_ name: String) throws -> RunRecord {
      try RunRecord(path: "\(scratch.path)/\(name)")
    }
    var found = RunComparison(try record("a"), try record("b"))
    #expect(found.isPaired && found.mcNemar == McNemar(firstAlone: 0, secondAlone: 10))
    #expect(found.verdict == .secondIsBetter)
    try scratch.write("", to: "b/validation.csv")
    found = RunComparison(try record("a"), try record("b"))
    #expect(!found.isPaired && found.verdict == .notApart)
  }
}
