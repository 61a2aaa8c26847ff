/// How each number of a tensor lies in memory.
package enum NumberFormat: Sendable {
  /// IEEE 754 single precision: 24 significant bits. What all arithmetic is done in.
  case fp32
  /// bfloat16: the range of `fp32`, and 8 significant bits.
  case bf16
  /// IEEE 754 half precision: 11 significant bits, up to 65504.
  case fp16

  package var bytes: Int { self == .fp32 ? 4 : 2 }
}
