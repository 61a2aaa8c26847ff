// What must be done in C and without the kernels' instruction set: look at the CPU, and set its
// floating-point mode.
#pragma once
#include <stdbool.h>

/// Flush denormal results and operands to zero on the calling thread: a net whose activations
/// decay into denormals would otherwise run up to 100 times slower.
void tutti_flush_denormals_to_zero(void);

/// The CPU's model and the instruction sets that matter here, e.g. "AMD EPYC; avx2 fma".
const char *tutti_processor_description(void);

/// The instruction sets of the CPU that can change a result, e.g. "avx2 fma avx512f".
const char *tutti_processor_features(void);
