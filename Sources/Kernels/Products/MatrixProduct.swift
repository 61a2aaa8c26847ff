import COpenBLAS
import Tensors

/// A row-major matrix in memory; `transposed` says that its transpose is meant in a product.
struct Matrix {
  let pointer: UnsafePointer<Float>
  /// Floats from one row to the next, as stored.
  let stride: Int
  let transposed: Bool

  init(_ pointer: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
    self.pointer = pointer
    self.stride = stride
    self.transposed = transposed
  }
}

/// `c[m,n] = a[m,k] · b[k,n]`, or `c += …` when accumulating, on the calling thread.
///
/// The last bits of a product change with its shape, so callers block by the shape alone.
func multiply(
  _ a: Matrix, _ b: Matrix, into c: UnsafeMutablePointer<Float>, stride: Int,
  rows m: Int, columns n: Int, depth k: Int, accumulating: Bool = false
) {
  if m == 1 && !a.transposed {
    // A product of one row would pack all of b first.
    BLASMemory.using {
      cblas_sgemv(
        CblasRowMajor, b.transposed ? CblasNoTrans : CblasTrans,
        blasint(b.transposed ? n : k), blasint(b.transposed ? k : n), 1, b.pointer,
        blasint(b.stride), a.pointer, 1, accumulating ? 1 : 0, c, 1)
    }
    return
  }
  BLASMemory.using {
    cblas_sgemm(
      CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
      b.transposed ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), 1, a.pointer, blasint(a.stride), b.pointer,
      blasint(b.stride), accumulating ? 1 : 0, c, blasint(stride))
  }
}

/// `c[m,n] = a[m,k] · b[k,n]` in Double, row-major without gaps, on the calling thread; of a
/// transposed `a` the memory holds `[k,m]`.
package func multiply(
  _ a: UnsafePointer<Double>, transposed: Bool = false, _ b: UnsafePointer<Double>,
  into c: UnsafeMutablePointer<Double>, rows m: Int, columns n: Int, depth k: Int
) {
  BLASMemory.using {
    cblas_dgemm(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, blasint(m), blasint(n),
      blasint(k), 1, a, blasint(transposed ? m : k), b, blasint(n), 0, c, blasint(n))
  }
}

/// The BLAS library that does the products.
package enum BLAS {
  /// The environment that fixes its kernels and threads; read when the library loads, so it must be
  /// set before the process starts. Haswell's kernels run on every CPU with AVX2 and FMA, and
  /// SkylakeX's on every one with AVX-512, so hosts of different make give the same bits.
  package static let environment = [
    ("OPENBLAS_CORETYPE", Vector.width > 8 ? "SkylakeX" : "Haswell"), ("OPENBLAS_NUM_THREADS", "1"),
  ]

  /// Bytes of the buffer that each thread gets for products, OpenBLAS's largest on the CPUs that it is built for here.
  /// Of most of them nothing but addresses is taken.
  package static let bytesPerThread = 128 << 20

  /// The kernels in use and how the library was built, e.g. `Haswell; OpenBLAS 0.3.21 …`.
  package static var description: String {
    let core = String(cString: openblas_get_corename())
    return "\(core); " + String(cString: openblas_get_config()).trimmingSpaces()
  }
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    split(separator: " ").joined(separator: " ")
  }
}

extension Tensor {
  /// The memory as a matrix whose rows have `columns` floats.
  func matrix(columns: Int, transposed: Bool = false) -> Matrix {
    Matrix(pointer, stride: columns, transposed: transposed)
  }
}
