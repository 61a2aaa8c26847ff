import Tensors

// Convolution in groups of channels (Krizhevsky et al., 2012; the cardinality of Xie et al.,
// ResNeXt, 2017): group i of G maps channels i·C/G ..< (i + 1)·C/G to filters i·K/G ..< (i +
// 1)·K/G. Each is taken out, convolved as if it were all there is, and put in its place; the copies
// are one pass over the images where the products are R·S·C/G or more.

func convolveGroups(
  _ input: Tensor, transform: ChannelTransform?, filters: Tensor, into output: Tensor,
  geometry g: ConvolutionGeometry, pool: ThreadPool
) {
  let part = g.ofOneGroup
  let result = Tensor(uninitialized: part.output)
  for group in 0..<g.groups {
    let images = input.columns(of: group, count: g.groups, pool: pool)
    let weights = filters.columns(of: group, count: g.groups, pool: pool)
    withExtendedLifetime((images, weights)) {
      convolve(
        images.stored, transform: transform?.part(group, of: g.groups), filters: weights,
        into: result.stored, geometry: part, pool: pool)
    }
    output.putColumns(of: group, count: g.groups, result, accumulating: false, pool: pool)
  }
}

func convolveGroupsInputGradient(
  _ outputGradient: Tensor, filters: Tensor, into inputGradient: Tensor,
  geometry g: ConvolutionGeometry, accumulating: Bool, pool: ThreadPool
) {
  let part = g.ofOneGroup
  let result = Tensor(uninitialized: part.input)
  for group in 0..<g.groups {
    let gradients = outputGradient.columns(of: group, count: g.groups, pool: pool)
    let weights = filters.columns(of: group, count: g.groups, pool: pool)
    withExtendedLifetime((gradients, weights)) {
      convolveInputGradient(
        gradients.stored, filters: weights, into: result.stored, geometry: part,
        accumulating: false, pool: pool)
    }
    inputGradient.putColumns(
      of: group, count: g.groups, result, accumulating: accumulating, pool: pool)
  }
}

func convolveGroupsFilterGradient(
  _ input: Tensor, transform: ChannelTransform?, outputGradient: Tensor,
  into filterGradient: Tensor, geometry g: ConvolutionGeometry, accumulating: Bool,
  pool: ThreadPool
) {
  let part = g.ofOneGroup
  let result = Tensor(uninitialized: [g.window, g.window, part.channels, part.filters])
  for group in 0..<g.groups {
    let images = input.columns(of: group, count: g.groups, pool: pool)
    let gradients = outputGradient.columns(of: group, count: g.groups, pool: pool)
    withExtendedLifetime((images, gradients)) {
      convolveFilterGradient(
        images.stored, transform: transform?.part(group, of: g.groups),
        outputGradient: gradients.stored, into: result, geometry: part, accumulating: false,
        pool: pool)
    }
    filterGradient.putColumns(
      of: group, count: g.groups, result, accumulating: accumulating, pool: pool)
  }
}

extension ConvolutionGeometry {
  fileprivate var ofOneGroup: ConvolutionGeometry {
    ConvolutionGeometry(
      input: [images, height, width, channels / groups], filters: filters / groups, window: window,
      stride: stride, padding: padding, paddingAfter: paddingAfter, algorithm: algorithm)
  }
}

extension ChannelTransform {
  fileprivate func part(_ group: Int, of groups: Int) -> ChannelTransform {
    func part(_ vector: Tensor) -> Tensor {
      let count = vector.count / groups
      return Tensor(vector.storage, offset: vector.offset + group * count, shape: [count])
    }
    return ChannelTransform(scale: part(scale), shift: part(shift), activation: activation)
  }
}

extension Tensor {
  /// A copy of part `group` of the last axis, which has `count` parts.
  fileprivate func columns(of group: Int, count: Int, pool: ThreadPool) -> Tensor {
    let width = shape[shape.rank - 1] / count
    let part = Tensor(uninitialized: Shape(shape.extents.dropLast() + [width]))
    pool.run(Partition(part.count / width, least: max(1, 16384 / width))) { rows in
      for row in rows {
        sweep(
          0..<width,
          CopyStep(
            source: pointer + (row * count + group) * width, destination: part.pointer + row * width
          ))
      }
    }
    return part
  }

  /// The way back: writes `part` to its place, or adds it.
  fileprivate func putColumns(
    of group: Int, count: Int, _ part: Tensor, accumulating: Bool, pool: ThreadPool
  ) {
    let width = shape[shape.rank - 1] / count
    pool.run(Partition(part.count / width, least: max(1, 16384 / width))) { rows in
      for row in rows {
        let source = part.pointer + row * width
        let destination = pointer + (row * count + group) * width
        if accumulating {
          add(source, to: destination, count: width)
        } else {
          sweep(0..<width, CopyStep(source: source, destination: destination))
        }
      }
    }
  }
}
