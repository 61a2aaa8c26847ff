import Files
package import Interchange
package import Tensors

/// A checkpoint's folder whose files are, byte for byte, what was written.
package struct Checkpoint: Sendable {
  /// Weights and running statistics, by PyTorch's names and in its layouts.
  package static let model = "model.safetensors"
  /// The optimiser's moments; see `OptimizerTensors`.
  package static let optimizer = "optimizer.safetensors"

  /// The file with the weights of a role.
  package static func fileName(of role: WeightsRole) -> String {
    switch role {
    case .raw: model
    case .averaged: "ema.safetensors"
    }
  }

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
    guard let state = try check(StateFile.name, StateFile.read) else {
      throw CheckpointError(path: path, file: StateFile.name, problem: .changed)
    }
    self.state = state
    // Without this, a list of no files would be a checkpoint that nothing was compared of.
    guard state.files[Self.model] != nil else {
      throw CheckpointError(path: path, file: Self.model, problem: .unlisted)
    }
    for (file, digest) in state.files.sorted(by: { $0.key < $1.key }) {
      let found = try check(file) { try Digest.hex(ofFile: $0) }
      guard found == digest else {
        throw CheckpointError(path: path, file: file, problem: .changed)
      }
    }
  }

  /// Opens one of its safetensors files. Throws when it isn't among the verified ones or isn't sound.
  package func open(_ file: String) throws -> SafetensorsFile {
    guard state.files[file] != nil else {
      throw CheckpointError(path: path, file: file, problem: .unlisted)
    }
    return try SafetensorsFile(path: "\(path)/\(file)")
  }

  /// The roles whose weights are among its verified files.
  package var roles: [WeightsRole] {
    WeightsRole.allCases.filter { state.files[Self.fileName(of: $0)] != nil }
  }

  /// The role that is to decide, or the raw weights where there are none of it yet.
  package func role(deciding role: WeightsRole) -> WeightsRole {
    roles.contains(role) ? role : .raw
  }

  /// Fills the store with the weights of a role. Throws before anything is changed: `CheckpointError`
  /// when there are none of the role, and when they are another model's.
  package func readWeights(_ role: WeightsRole = .raw, into weights: FlatStore) throws {
    let file = Self.fileName(of: role)
    guard roles.contains(role) else {
      throw CheckpointError(path: path, file: file, problem: .missing(role, has: roles))
    }
    try ModelTensors.read(from: open(file), into: weights)
  }
}

/// Why a checkpoint can't be used.
package struct CheckpointError: UnusableInput, Equatable, CustomStringConvertible {
  package enum Problem: Equatable, Sendable {
    /// The SHA-256 isn't the one that was noted when the file was written.
    case changed
    case unreadable(String)
    /// `state.json` has no digest of the file, so it may be anything.
    case unlisted
    /// The state in a folder called for a step is another step's.
    case otherStep(Int)
    /// Steps that don't make these epochs, of so many steps each.
    case otherSteps(step: Int, epoch: Int, inEpoch: Int, of: Int)
    /// The checkpoint was written without weights of this role.
    case missing(WeightsRole, has: [WeightsRole])
  }

  /// The checkpoint's folder.
  package let path: String
  package let file: String
  package let problem: Problem

  package init(path: String, file: String, problem: Problem) {
    self.path = path
    self.file = file
    self.problem = problem
  }

  package var description: String {
    switch problem {
    case .changed: "\(path): \(file) has changed since it was written: its SHA-256 differs"
    case .unreadable(let reason): "\(path): \(file) can't be used: \(reason)"
    case .unlisted:
      "\(path): \(file) can't be used: \(StateFile.name) has no SHA-256 of it; take another checkpoint"
    case .otherStep(let step):
      "\(path): \(file) can't be used: it is of step \(step); was the folder renamed?"
    case .otherSteps(let step, let epoch, let inEpoch, let length):
      "\(path): \(file) can't be used: step \(step) isn't \(inEpoch) steps after \(epoch) epochs of "
        + "\(length); take another checkpoint"
    case .missing(let role, let others):
      "\(path): has no \(role.rawValue) weights (\(file)), "
        + (others.isEmpty
          ? "nor any others; take another checkpoint"
          : "only \(others.map(\.rawValue).joined(separator: ", ")) ones; ask for those")
    }
  }
}
