import Files
package import Interchange
package import Tensors

/// A checkpoint's folder whose files are, byte for byte, what was written.
package struct Checkpoint: Sendable {
  /// Weights and running statistics, by PyTorch's names and in its layouts.
  package static let model = "model.safetensors"
  /// The optimiser's moments; see `OptimizerTensors`.
  package static let optimizer = "optimizer.safetensors"

  package let path: String
  package let state: TrainingState

  init(path: String, state: TrainingState) {
    self.path = path
    self.state = state
  }

  /// Reads `state.json` and compares each file with its digest. Throws when one differs.
  package init(path: String) throws(CheckpointError) {
    self.path = path
    func check<Value>(_ file: String, _ body: (String) throws -> Value) throws(CheckpointError)
      -> Value
    {
      do {
        return try body("\(path)/\(file)")
      } catch {
        let reason = (error as? FileError)?.cause ?? "\(error)"
        throw CheckpointError(path: path, file: file, problem: .unreadable(reason))
      }
    }
    let state = try check(StateFile.name) { try StateFile.decode(InputFile(path: $0).bytes()) }
    guard let state else {
      throw CheckpointError(path: path, file: StateFile.name, problem: .changed)
    }
    self.state = state
    for (file, digest) in state.files.sorted(by: { $0.key < $1.key }) {
      let found = try check(file) { try Digest.hex(ofFile: $0) }
      guard found == digest else {
        throw CheckpointError(path: path, file: file, problem: .changed)
      }
    }
  }

  /// Opens one of its safetensors files. Throws when it isn't there or isn't sound.
  package func open(_ file: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: "\(path)/\(file)")
  }

  /// Fills the store from `model.safetensors`. Throws before anything is changed when it holds the
  /// weights of another model.
  package func readWeights(into weights: FlatStore) throws {
    try ModelTensors.read(from: open(Self.model), into: weights)
  }
}

/// Why a checkpoint can't be used.
package struct CheckpointError: UnusableInput, Equatable, CustomStringConvertible {
  package enum Problem: Equatable, Sendable {
    /// The SHA-256 isn't the one that was noted when the file was written.
    case changed
    case unreadable(String)
  }

  /// The checkpoint's folder.
  package let path: String
  package let file: String
  package let problem: Problem

  package var description: String {
    switch problem {
    case .changed: "\(path): \(file) has changed since it was written: its SHA-256 differs"
    case .unreadable(let reason): "\(path): \(file) can't be used: \(reason)"
    }
  }
}
