/// A name of Python that a pickle mentions. None is looked up or run: a few stand for something that the
/// interpreter knows how to put together itself, and all others for objects that it passes over.
enum PickleGlobal: Equatable {
  case orderedDictionary
  /// `torch._utils._rebuild_tensor` and its second version.
  case tensor
  /// The third version, which names the type of number.
  case typedTensor
  case parameter
  /// `torch.FloatStorage` and its like.
  case storage(SafetensorsType)
  /// `torch.float32` and its like.
  case number(SafetensorsType)
  /// A tensor that a subclass or attributes were saved with: `(function, type, arguments, state)`.
  case wrappedTensor
  /// What stands beside tensors in a checkpoint, such as the arguments of a training, and is passed
  /// over.
  case other(String)

  init(_ name: String) {
    switch name {
    case "collections.OrderedDict": self = .orderedDictionary
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": self = .tensor
    case "torch._utils._rebuild_tensor_v3": self = .typedTensor
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      self = .parameter
    case "torch._tensor._rebuild_from_type_v2": self = .wrappedTensor
    case "torch.DoubleStorage": self = .storage(.f64)
    case "torch.FloatStorage": self = .storage(.f32)
    case "torch.HalfStorage": self = .storage(.f16)
    case "torch.BFloat16Storage": self = .storage(.bf16)
    case "torch.LongStorage": self = .storage(.i64)
    case "torch.IntStorage": self = .storage(.i32)
    case "torch.ShortStorage": self = .storage(.i16)
    case "torch.CharStorage": self = .storage(.i8)
    case "torch.ByteStorage", "torch.storage.UntypedStorage": self = .storage(.u8)
    case "torch.BoolStorage": self = .storage(.bool)
    case "torch.float64": self = .number(.f64)
    case "torch.float32": self = .number(.f32)
    case "torch.float16": self = .number(.f16)
    case "torch.bfloat16": self = .number(.bf16)
    case "torch.int64": self = .number(.i64)
    case "torch.int32": self = .number(.i32)
    case "torch.int16": self = .number(.i16)
    case "torch.int8": self = .number(.i8)
    case "torch.uint64": self = .number(.u64)
    case "torch.uint32": self = .number(.u32)
    case "torch.uint16": self = .number(.u16)
    case "torch.uint8": self = .number(.u8)
    case "torch.bool": self = .number(.bool)
    default: self = .other(name)
    }
  }
}
