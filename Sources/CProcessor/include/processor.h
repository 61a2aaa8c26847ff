// What must be done in C: look at the CPU, set its floating-point mode, tell it what to fetch, and
// name an instruction. The source file is built without the kernels' instruction set.
#pragma once
#include "halves.h"
#include "pixels.h"

#include <stddef.h>

/// Ends the process with exit code 70 (EX_SOFTWARE) after the line "tutti: SENTENCE" on standard
/// error. Swift's own traps are silent in release builds.
_Noreturn void tutti_end_process(const char *sentence);

/// Bytes of addresses that the process may have (`ulimit -v`); 0 for no limit.
size_t tutti_address_limit(void);

/// Lets the line begin "tutti: NAME: SENTENCE" from here on.
void tutti_name_process(const char *name);

/// Flush denormal results and operands to zero on the calling thread: a net whose activations
/// decay into denormals would otherwise run up to 100 times slower.
void tutti_flush_denormals_to_zero(void);

/// The CPU's model and the instruction sets that this build uses, e.g. "AMD EPYC; avx2 fma".
const char *tutti_processor_description(void);

/// Those instruction sets of the CPU that this build uses, and that so can change a result:
/// "avx2 fma".
const char *tutti_processor_features(void);

/// Writes the numbers of the CPUs that a process (0: this one) may run on to `cpus`, which has room
/// for `capacity`, and gives how many there are; 0 where the system doesn't tell.
size_t tutti_allowed_cpus(int process, int *cpus, size_t capacity);

/// Opens an empty file in memory, which has no name; negative where there can't be one.
int tutti_memory_file(void);

/// Waits until all of the descriptor's file system is on the disk; not zero if some of it can't be.
int tutti_sync_file_system(int descriptor);

/// Tells the core that this thread is waiting in a loop.
static inline void tutti_spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Asks for the cache line at `address` to be fetched into the second-level cache. The address may be
/// anywhere.
static inline void tutti_prefetch(const float *address) { __builtin_prefetch(address, 0, 2); }

/// The nearest to `x` of the values from `low` to `high`, element by element, where NaN stays NaN: a
/// maximum and a minimum, which a compiler doesn't make of comparisons and choices. Modules that are
/// built for no such vectors (debug builds, other CPUs) get the comparisons.
#if defined(__AVX512F__)
typedef float tutti_vector __attribute__((vector_size(64)));
static inline tutti_vector tutti_limit(tutti_vector x, tutti_vector low, tutti_vector high) {
  return __builtin_ia32_minps512(high, __builtin_ia32_maxps512(low, x, 4), 4);
}
#elif defined(__AVX2__)
typedef float tutti_vector __attribute__((vector_size(32)));
static inline tutti_vector tutti_limit(tutti_vector x, tutti_vector low, tutti_vector high) {
  return __builtin_ia32_minps256(high, __builtin_ia32_maxps256(low, x));
}
#else
typedef float tutti_vector __attribute__((vector_size(32)));
static inline tutti_vector tutti_limit(tutti_vector x, tutti_vector low, tutti_vector high) {
  for (int i = 0; i < 8; i++) x[i] = x[i] < low[i] ? low[i] : x[i] > high[i] ? high[i] : x[i];
  return x;
}
#endif
