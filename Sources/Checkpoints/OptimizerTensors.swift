package import Interchange
package import Tensors

/// The optimiser's state in `optimizer.safetensors`: for each of its slots, such as AdamW's `exp_avg`
/// and `exp_avg_sq`, a tensor `SLOT.NAME` for each parameter, in PyTorch's layout.
///
/// Written and read tensor by tensor, since no rank holds all of it: for each slot in order, and in
/// it for each parameter, `writer.write(entry, values)`.
package enum OptimizerTensors {
  /// The parameters that have a state, in the file's order.
  package static func parameters(of layout: FlatLayout) -> [FlatEntry] {
    layout.entries.filter { $0.kind != .statistic }
  }

  /// What the file holds, in order.
  package static func entries(of layout: FlatLayout, slots: [String]) -> [SafetensorsEntry] {
    slots.flatMap { slot in
      parameters(of: layout).map { SafetensorsEntry("\(slot).\($0.name)", .f32, $0.torchShape) }
    }
  }

  /// Reads a parameter's slot to where its numbers belong. Throws when the file has no such tensor,
  /// or one of another shape.
  package static func read(
    _ slot: String, of parameter: FlatEntry, from file: borrowing SafetensorsFile,
    into destination: UnsafeMutablePointer<Float>
  ) throws {
    try file.read("\(slot).\(parameter.name)", as: parameter, into: destination)
  }
}
