/// Why a pickle was refused, with the byte where the instruction stands.
struct PickleProblem: Error, Equatable, CustomStringConvertible {
  enum Reason: Equatable {
    /// The bytes end before the pickle does.
    case truncated
    case tooManySteps(limit: Int)
    /// An instruction that tensors and plain containers don't need.
    case opcode
    /// An instruction that finds something else than it needs.
    case wanted(String)
  }

  /// CPython's name of the instruction.
  let opcode: String
  let byte: Int
  let reason: Reason

  var description: String {
    switch reason {
    case .truncated: "ends in the middle of the pickle, in \(opcode) at byte \(byte)"
    case .tooManySteps(let limit): "is too large: it takes more than \(limit) steps to read"
    case .opcode:
      "has the instruction \(opcode) at byte \(byte), which is not allowed: "
        + "only tensors and plain containers are read; \(advice)"
    case .wanted(let what): "can't be read: \(opcode) at byte \(byte) finds no \(what)"
    }
  }

  private var advice: String {
    "if the file is sound, let Python write torch.save(model.state_dict(), …)"
  }
}

extension String {
  /// At most 80 characters, none of which moves a terminal's cursor.
  var shown: String {
    let scalars = unicodeScalars.prefix(80).map { scalar in
      scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
    }
    return scalars.joined() + (unicodeScalars.dropFirst(80).isEmpty ? "" : "…")
  }
}
