import Files
import Support
import Tensors
import Testing
@testable import Interchange

@Suite struct HostilePickleTests {
  /// Each as PyTorch wrote it.
  @Test(arguments: [
    (
      "script.pt",
      "a TorchScript program, not a state dictionary: let Python write "
        + "torch.save(torch.jit.load(FILE).state_dict(), …)"
    ),
    ("none.pt", "no dictionary of tensors in it: none/data.pkl holds an empty dictionary"),
    (
      "negated.pt",
      "negated/data.pkl can't be read: REDUCE at byte 178 finds no tensor without metadata"
    ),
  ])
  func `refuses what is no state dictionary`(name: String, reason: String) throws {
    #expect(try complaint(torchGolden(name)) == reason)
  }

  /// Each as PyTorch wrote it: what would run a command there is an object that is passed over here.
  @Test(arguments: ["os.pt", "os-legacy.pt"])
  func `runs nothing`(name: String) throws {
    let file = try WeightsFile(path: torchGolden(name))
    #expect(file.entries.map(\.name) == ["weight"])
    #expect(file.notes == ["objects beside the tensors were passed over: posix.system"])
  }

  @Test(arguments: [
    ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("__builtin__", "getattr"),
    ("torch.storage", "_load_from_bytes"), ("torch._utils", "_rebuild_sparse_tensor"),
    ("collections", "OrderedDict.clear"), ("collections.OrderedDict", "__reduce__"),
  ])
  func `what any other name makes is an object that is passed over`(
    module: String, name: String
  ) throws {
    let scratch = try Scratch()
    func file(isRoot: Bool) throws -> String {
      var pickle = Pickle()
      if !isRoot {
        pickle.put(.emptyDict)
        pickle.text("w")
        pickle.tensor(extents: [4], strides: [1])
        pickle.put(.setItem)
        pickle.text("x")
      }
      pickle.global(module, name)
      pickle.text("echo this must never run")
      pickle.put(.tuple1, .reduce)
      // It takes items, attributes and a call as an object of any class may.
      pickle.put(.mark, .none, .none, .setItems, .mark, .none, .appends, .emptyDict, .build)
      pickle.put(.emptyTuple, .reduce)
      if !isRoot { pickle.put(.setItem) }
      pickle.put(.stop)
      return try scratch.torchFile(pickle.bytes)
    }
    let sound = try WeightsFile(path: file(isRoot: false))
    #expect(sound.entries.map(\.name) == ["w"])
    #expect(sound.notes == ["objects beside the tensors were passed over: \(module).\(name)"])
    #expect(
      try complaint(file(isRoot: true)).hasPrefix(
        "no dictionary of tensors in it: x/data.pkl holds an object of \(module).\(name), which"))
  }

  @Test func `refuses every other instruction`() throws {
    let scratch = try Scratch()
    var refused = 0
    for code in UInt8.min...UInt8.max where PickleOpcode(rawValue: code) == nil {
      let path = try scratch.torchFile([0x80, 2, 0x7D, code, 0, 0, 0, 0, 0x2E])
      #expect(
        try complaint(path).hasPrefix(
          "x/data.pkl has the instruction \(PickleOpcode.name(of: code)) at byte 3, which is not "))
      refused += 1
    }
    #expect(refused == 256 - 50)
    #expect(PickleOpcode.name(of: 0x82) == "EXT1" && PickleOpcode.name(of: 0xFF) == "0xff")
  }

  /// Tensors that lie about themselves, over a storage of 16 bytes.
  @Test(
    arguments: [
      (
        [5], [1], 0, 4,
        "has the extents [5] with strides [1] from number 0 on, but its storage ends after 4"
      ),
      (
        [4], [1], 1, 4,
        "has the extents [4] with strides [1] from number 1 on, but its storage ends after 4"
      ),
      (
        [2, 2], [3, 1], 0, 4,
        "has the extents [2, 2] with strides [3, 1] from number 0 on, but its storage ends after 4"
      ),
      (
        [4], [0], 0, 1,
        "has the extents [4] with strides [0] from number 0 on, but its storage ends after 1"
      ),
      (
        [1 << 32, 1 << 32], [0, 0], 0, 4,
        "has the extents [4294967296, 4294967296] with strides [0, 0] from number 0 on, but its storage ends after 4"
      ),
      (
        [3], [1 << 62], 0, 4,
        "has the extents [3] with strides [4611686018427387904] from number 0 on, but its storage ends after 4"
      ),
      (
        [2], [1], Int.max, 4,
        "has the extents [2] with strides [1] from number 9223372036854775807 on, but its storage ends after 4"
      ),
      ([-1], [1], 0, 4, "has impossible extents [-1], strides [1] or offset 0"),
      ([2], [-1], 1, 4, "has impossible extents [2], strides [-1] or offset 1"),
      ([2], [1], -1, 4, "has impossible extents [2], strides [1] or offset -1"),
      ([2, 2], [1], 0, 4, "has impossible extents [2, 2], strides [1] or offset 0"),
      ([1, 1, 1, 1, 1, 1, 1, 1, 1], [1], 0, 4, "has 9 axes, more than any model's"),
      ([5], [1], 0, 5, "needs a storage of 5 F32 (0), which has 16 bytes"),
      ([1], [1], 0, -1, "needs a storage of -1 F32 (0), which has 16 bytes"),
      ([1], [1], 0, 1 << 62, "needs a storage of 4611686018427387904 F32 (0), which has 16 bytes"),
    ] as [([Int], [Int], Int, Int, String)])
  func `refuses a tensor that lies`(
    extents: [Int], strides: [Int], offset: Int, count: Int, reason: String
  ) throws {
    let scratch = try Scratch()
    let pickle = Pickle.tensor(count: count, offset: offset, extents: extents, strides: strides)
    #expect(try complaint(scratch.torchFile(pickle)) == "the tensor w \(reason)")
  }

  /// All that lies between its first and its last number is read.
  @Test func `refuses a few numbers that are spread over many`() {
    let storage = TorchContents.Storage(range: 0..<(1 << 32), checksum: nil)
    func read(_ stride: Int) throws(WeightsFileError.Problem) -> WeightsEntry {
      try WeightsEntry(
        "w",
        TorchTensor(
          storage: TorchStorage(key: "0", type: .f32, count: 1 << 30), type: .f32, offset: 0,
          extents: [2], strides: [stride]), in: storage)
    }
    #expect(
      throws: WeightsFileError.Problem.tensor(
        "w", "has 2 numbers that are spread over 4194304; let Python save tensor.contiguous()")
    ) { try read(1 << 22) }
    #expect(throws: Never.self) { try read(1 << 20) }
  }

  @Test func `reads the sound ones beside them`() throws {
    let scratch = try Scratch()
    for (extents, strides) in [
      ([4], [1]), ([], []), ([2, 2], [1, 2]), ([0, 1 << 62, 1 << 62], [1, 1, 1]), ([1], [1 << 62]),
    ] {
      let pickle = Pickle.tensor(extents: extents, strides: strides)
      #expect(try complaint(scratch.torchFile(pickle)) == "", "\(extents)")
    }
  }

  @Test func `names a missing storage`() throws {
    let scratch = try Scratch()
    for key in ["1", "../data/0", "0\n"] {
      let pickle = Pickle.tensor(key: key, extents: [1], strides: [1])
      #expect(
        try complaint(scratch.torchFile(pickle))
          == "the tensor w needs the storage \(key.shown), which is missing")
    }
  }

  /// A million tuples in each other, which no one may descend into.
  @Test func `stands deep nesting`() throws {
    let scratch = try Scratch()
    var pickle = Pickle()
    pickle.put(.emptyTuple)
    pickle.raw([UInt8](repeating: PickleOpcode.tuple1.rawValue, count: 1_000_000))
    pickle.put(.stop)
    #expect(
      try complaint(scratch.torchFile(pickle.bytes))
        == "no dictionary of tensors in it: x/data.pkl holds no dictionary")
  }

  /// Ten to the hundredth values, if anyone counted: each list holds the one before ten times.
  @Test func `stands lists that hold each other`() throws {
    let scratch = try Scratch()
    var pickle = Pickle()
    pickle.put(.emptyDict)
    pickle.text("model")
    pickle.put(.mark, .emptyList)
    for level in UInt8(0)..<100 {
      pickle.raw([PickleOpcode.binPut.rawValue, level])
      pickle.put(.emptyList, .mark)
      for _ in 0..<10 { pickle.raw([PickleOpcode.binGet.rawValue, level]) }
      pickle.put(.appends)
    }
    pickle.put(.tuple, .setItem, .stop)
    #expect(
      try complaint(scratch.torchFile(pickle.bytes))
        == "no dictionary of tensors in it: x/data.pkl has the keys model, and tensors are looked for in state_dict, model_state_dict, model"
    )
  }

  /// A dictionary that is its own model.
  @Test func `stands a dictionary in itself`() throws {
    let scratch = try Scratch()
    var pickle = Pickle()
    pickle.put(.emptyDict)
    pickle.raw([PickleOpcode.binPut.rawValue, 0])
    pickle.text("model")
    pickle.raw([PickleOpcode.binGet.rawValue, 0])
    pickle.put(.setItem, .stop)
    #expect(try complaint(scratch.torchFile(pickle.bytes)).contains("has the keys model, and"))
  }

  /// A thousand modules in one, all with the same attributes, a thousand of them, or each level of modules
  /// twice in the one above it: 2⁵⁰ ways to the last.
  @Test func `looks through what objects share once`() throws {
    let scratch = try Scratch()
    func lookedAt(_ pickle: Pickle) throws -> Int {
      let file = try InputFile(path: scratch.torchFile(pickle.bytes + [PickleOpcode.stop.rawValue]))
      let dictionary = try TorchStateDictionary(in: TorchContents(zip: file), averaged: true)
      #expect(dictionary.tensors.map(\.name) == ["w"])
      return dictionary.modules.lookedAt
    }
    /// Attributes, which the memo keeps under a number; `modules` puts names and modules.
    func attributes(
      _ pickle: inout Pickle, _ number: UInt8, others: Int = 0, modules: (inout Pickle) -> Void
    ) {
      pickle.put(.emptyDict)
      pickle.raw([PickleOpcode.binPut.rawValue, number])
      pickle.put(.mark)
      for index in 0..<others {
        pickle.text("\(index)")
        pickle.put(.none)
      }
      for name in ["_parameters", "_buffers"] {
        pickle.text(name)
        pickle.put(.emptyDict)
        if number == 255, name == "_parameters" {
          pickle.text("w")
          pickle.tensor(extents: [4], strides: [1])
          pickle.put(.setItem)
        }
      }
      pickle.text("_modules")
      pickle.put(.emptyDict, .mark)
      modules(&pickle)
      pickle.put(.setItems, .setItems)
    }
    func object(_ pickle: inout Pickle, attributes number: UInt8) {
      pickle.global("nets", "Net")
      pickle.put(.emptyTuple, .newObject)
      pickle.raw([PickleOpcode.binGet.rawValue, number])
      pickle.put(.build)
    }
    var wide = Pickle()
    attributes(&wide, 0, others: 1000) { _ in }
    attributes(&wide, 255) { pickle in
      for index in 0..<1000 {
        pickle.text("m\(index)")
        object(&pickle, attributes: 0)
      }
    }
    object(&wide, attributes: 255)
    #expect(try lookedAt(wide) < 3000)

    var ladder = Pickle()
    for level in 0..<50 {
      attributes(&ladder, level == 49 ? 255 : UInt8(level)) { pickle in
        for name in level == 0 ? [] : ["a", "b"] {
          pickle.text(name)
          object(&pickle, attributes: UInt8(level - 1))
        }
      }
    }
    object(&ladder, attributes: 255)
    #expect(try lookedAt(ladder) < 500)
  }

  /// A long list of pairs, made a dictionary again and again.
  @Test func `makes copies pay`() throws {
    let scratch = try Scratch()
    var pickle = Pickle()
    pickle.put(.emptyList, .mark)
    for _ in 0..<50_000 { pickle.put(.none, .none, .tuple2) }
    pickle.put(.appends, .tuple1)
    pickle.raw([PickleOpcode.binPut.rawValue, 0])
    for _ in 0..<50 {
      pickle.global("collections", "OrderedDict")
      pickle.raw([PickleOpcode.binGet.rawValue, 0])
      pickle.put(.reduce)
    }
    pickle.put(.stop)
    #expect(
      try complaint(scratch.torchFile(pickle.bytes))
        == "x/data.pkl is too large: it takes more than 1048576 steps to read")
  }

  @Test func `ends where the bytes end`() throws {
    let scratch = try Scratch()
    let sound = Pickle.tensor(extents: [4], strides: [1])
    for length in 0..<sound.count {
      let reason = try complaint(scratch.torchFile(Array(sound[..<length])))
      #expect(reason.hasPrefix("x/data.pkl ends in the middle of the pickle"), "\(length)")
    }
    // A text of 4 GB.
    var pickle = Pickle()
    pickle.raw([PickleOpcode.binUnicode.rawValue, 255, 255, 255, 255, 65])
    #expect(
      try complaint(scratch.torchFile(pickle.bytes))
        == "x/data.pkl ends in the middle of the pickle, in BINUNICODE at byte 2")
  }

  /// What an instruction needs and doesn't find.
  @Test(arguments: [
    ([PickleOpcode.tuple], "TUPLE at byte 2 finds no mark"),
    ([.tuple1], "TUPLE1 at byte 2 finds no value"),
    ([.none, .none, .mark, .tuple2], "TUPLE2 at byte 5 finds no value"),
    ([.mark, .stop], "STOP at byte 3 finds no value"),
    ([.none, .none, .append], "APPEND at byte 4 finds no list"),
    ([.none, .none, .none, .setItem], "SETITEM at byte 5 finds no dictionary or pairs"),
    ([.emptyDict, .mark, .none, .setItems], "SETITEMS at byte 5 finds no dictionary or pairs"),
    ([.none, .emptyTuple, .reduce], "REDUCE at byte 4 finds no name and arguments"),
    ([.emptyTuple, .binPersID], "BINPERSID at byte 3 finds no whole storage"),
    ([.none, .emptyDict, .build], "BUILD at byte 4 finds no object"),
    ([.long1, .proto, .none], "LONG1 at byte 2"),
  ])
  func `names what is missing`(opcodes: [PickleOpcode], reason: String) throws {
    let scratch = try Scratch()
    let path = try scratch.torchFile([0x80, 2] + opcodes.map(\.rawValue))
    #expect(try complaint(path).contains(reason))
  }

  /// Python 2 wrote texts and dictionaries in another way.
  @Test func `reads what Python 2 wrote`() throws {
    let scratch = try Scratch()
    var pickle = Pickle()
    pickle.global("collections", "OrderedDict")
    pickle.put(.emptyList, .emptyList)
    pickle.raw([PickleOpcode.shortBinString.rawValue, 1, UInt8(ascii: "v")])
    pickle.put(.append)
    let tensor = Pickle.tensor(extents: [2], strides: [2]).dropFirst(2 + 1 + 6).dropLast(2)
    pickle.raw(Array(tensor))
    pickle.put(.append, .append, .tuple1, .reduce, .stop)
    let file = try WeightsFile(path: scratch.torchFile(pickle.bytes))
    #expect(file.entries.map(\.name) == ["v"] && file.entries[0].shape == [2])
  }
}
