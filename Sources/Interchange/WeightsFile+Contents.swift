import Files

extension WeightsFile {
  /// What is found when a file is opened: everything but the numbers.
  struct Contents {
    typealias Problem = WeightsFileError.Problem

    let format: Format
    let entries: [WeightsEntry]
    var metadata: [String: String] = [:]
    var notes: [String] = []
    var hasAverages = false

    /// Throws `Problem`, `SafetensorsError`, `FileError`.
    init(of file: borrowing InputFile, averaged: Bool) throws {
      guard file.size <= WeightsFile.sizeLimit else {
        throw Problem.tooLong(bytes: file.size, limit: WeightsFile.sizeLimit)
      }
      let start = try file.bytes(in: 0..<min(file.size, 512))
      if start.starts(with: TorchContents.zipStart) {
        try self.init(.torch, TorchContents(zip: file), averaged: averaged)
      } else if start.starts(with: TorchContents.legacyStart) {
        try self.init(.torchLegacy, TorchContents(legacy: file), averaged: averaged)
      } else if start.count > 8, start[8] == UInt8(ascii: "{") {
        try self.init(SafetensorsHeader(of: file))
      } else if start.dropFirst(257).starts(with: Array("ustar".utf8)) {
        throw Problem.unsupported(
          "a tar file, as PyTorch wrote before 0.1.10 or as a download is packed: unpack it, or let "
            + "Python load and save it again")
      } else if Paths.suffix(of: file.path) == "onnx" {
        throw Problem.unsupported(
          "an ONNX file, which other programs run; what is read here is what tutti export writes "
            + "with --to safetensors or --to torch")
      } else {
        let text = String(decoding: start.prefix(40), as: UTF8.self)
        throw Problem.unknownFormat(begins: text)
      }
    }

    private init(_ header: SafetensorsHeader) throws(Problem) {
      guard header.entries.count <= WeightsFile.tensorLimit else {
        throw .tooManyTensors(limit: WeightsFile.tensorLimit)
      }
      if let long = header.entries.first(where: { $0.name.utf8.count > WeightsEntry.nameLimit }) {
        throw .tensor(
          long.name, "has a name of \(long.name.utf8.count) bytes, longer than any model's")
      }
      format = .safetensors
      entries = header.entries.map { WeightsEntry($0, dataStart: header.dataStart) }
      metadata = header.metadata
    }

    private init(_ format: Format, _ contents: TorchContents, averaged: Bool) throws {
      let dictionary = try TorchStateDictionary(in: contents, averaged: averaged)
      self.format = format
      entries = try contents.entries(of: dictionary)
      metadata = contents.metadata
      hasAverages = dictionary.averages != nil
      if let averages = dictionary.averages { notes.append(averages.note) }
      let others = contents.passedOver
      if !others.isEmpty {
        let names = few(others.lazy.map(\.shown), atMost: 5, counted: nil)
        notes.append("objects beside the tensors were passed over: \(names)")
      }
    }
  }
}

extension TorchStateDictionary.Averages {
  /// What was taken, and how to have the other.
  fileprivate var note: String {
    areTaken
      ? "the averaged weights (\(averaged)) are taken; model.averaged=false takes the raw ones (\(raw))"
      : "the raw weights (\(raw)) are taken, as model.averaged says, not the averaged ones (\(averaged))"
  }
}
