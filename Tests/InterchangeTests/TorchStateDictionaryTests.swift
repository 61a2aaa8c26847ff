import Files
import Support
import Tensors
import Testing
@testable import Interchange

@Suite struct TorchStateDictionaryTests {
  /// A dictionary of dictionaries, each with one tensor called for its key.
  private static func pickle(_ keys: [String], empty: [String] = []) -> [UInt8] {
    var pickle = Pickle()
    pickle.put(.emptyDict)
    for key in keys + empty {
      pickle.text(key)
      pickle.put(.emptyDict)
      if !empty.contains(key) {
        pickle.text("in \(key)")
        pickle.tensor(extents: [4], strides: [1])
        pickle.put(.setItem)
      }
      pickle.put(.setItem)
    }
    pickle.put(.stop)
    return pickle.bytes
  }

  /// What PyTorch wrote as training programs do, in two of Python's protocols.
  @Test(arguments: ["trained.pt", "trained4.pt"])
  func `a training's checkpoint is read, and the averaged weights taken`(name: String) throws {
    let file = try WeightsFile(path: torchGolden(name))
    let raw = try WeightsFile(path: torchGolden(name), averaged: false)
    #expect(file.entries.first?.name == "n_averaged")
    #expect(file.entries.dropFirst().map(\.name) == raw.entries.map { "module.\($0.name)" })
    #expect(raw.entries.map(\.name).contains("0.weight"))
    for entry in raw.entries where entry.type == .f32 {
      let values = try raw.floats(entry)
      let averaged = try file.floats(file.entry(named: "module.\(entry.name)"))
      #expect(averaged == values.map { $0 + 1 }, "\(entry.name)")
    }
    #expect(
      file.notes.first
        == "the averaged weights (model_ema) are taken; model.averaged=false takes the raw ones (model)"
    )
    #expect(
      raw.notes.first
        == "the raw weights (model) are taken, as model.averaged says, not the averaged ones (model_ema)"
    )
    let others = try #require(file.notes.last)
    #expect(others.contains("argparse.Namespace") && others.hasSuffix(", …"))
  }

  /// As Ultralytics writes them: the module itself, in half precision.
  @Test(arguments: [("whole.pt", "0.weight"), ("module.pt", "weight")])
  func `a module that was saved whole is read by its parts`(name: String, first: String) throws {
    let file = try WeightsFile(path: torchGolden(name))
    #expect(file.entries.first?.name == first)
    if name == "whole.pt" {
      #expect(
        file.entries.map(\.name) == [
          "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
          "1.num_batches_tracked",
        ])
      let half = try file.floats(file.entries[0])
      let raw = try WeightsFile(path: torchGolden("trained.pt"), averaged: false)
      let whole = try raw.floats(raw.entry(named: "0.weight"))
      #expect(zip(half, whole).allSatisfy { abs($0 - $1) < 0.01 })
    }
  }

  @Test(
    arguments: [
      (["state_dict", "state_dict_ema"], [], "state_dict_ema", "state_dict"),
      (["model", "model_ema"], [], "model_ema", "model"),
      (["ema", "model"], [], "ema", "model"),
      (["model"], ["model_ema"], "model", "model"),
      (["model_ema"], ["model"], "model_ema", "model_ema"),
      (
        ["state_dict", "current_model_state"], ["averaging_state"], "state_dict",
        "current_model_state"
      ),
      (["state_dict", "current_model_state"], [], "state_dict", "state_dict"),
    ] as [([String], [String], String, String)])
  func `averaged weights are found where there are any`(
    keys: [String], empty: [String], averaged: String, raw: String
  ) throws {
    let scratch = try Scratch()
    let path = try scratch.torchFile(Self.pickle(keys, empty: empty))
    let both = try [true, false].map { try WeightsFile(path: path, averaged: $0).entries }
    #expect(both.map { $0.map(\.name) } == [["in \(averaged)"], ["in \(raw)"]])
    #expect(try WeightsFile(path: path).notes.isEmpty == (averaged == raw))
  }

  /// Two modules, each of which is a part of the other.
  @Test func `stands a module in itself`() throws {
    let scratch = try Scratch()
    var pickle = Pickle()
    for number in UInt8(0)..<2 {
      pickle.global("torch.nn", "Module")
      pickle.put(.emptyTuple, .newObject)
      pickle.raw([PickleOpcode.binPut.rawValue, number])
    }
    for number in UInt8(0)..<2 {
      pickle.raw([PickleOpcode.binGet.rawValue, number])
      pickle.put(.emptyDict)
      for part in ["_parameters", "_buffers", "_modules"] {
        pickle.text(part)
        pickle.put(.emptyDict)
        pickle.text("m")
        if part == "_modules" {
          pickle.raw([PickleOpcode.binGet.rawValue, 1 - number])
        } else {
          pickle.tensor(extents: [4], strides: [1])
        }
        pickle.put(.setItem, .setItem)
      }
      pickle.put(.build)
    }
    pickle.put(.stop)
    // A tensor of one name under both parts of a module is one too many, so buffers get none.
    let bytes = pickle.bytes
    #expect(try complaint(scratch.torchFile(bytes)) == "the tensor m is there twice")
  }

  @Test func `names and numbers of tensors are bounded`() throws {
    let scratch = try Scratch()
    var pickle = Pickle()
    pickle.put(.emptyDict)
    pickle.text(String(repeating: "module.", count: 200))
    pickle.tensor(extents: [4], strides: [1])
    pickle.put(.setItem, .stop)
    let reason = try complaint(scratch.torchFile(pickle.bytes))
    #expect(reason.hasSuffix("has a name of 1400 bytes, longer than any model's"))
    #expect(reason.utf8.count < 200)
  }
}
