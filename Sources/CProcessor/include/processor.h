// What must be done in C and without the kernels' instruction set: look at the CPU, set its
// floating-point mode, and tell it what to fetch.
#pragma once
#include <stddef.h>

/// Ends the process with exit code 70 (EX_SOFTWARE) after the line "tutti: SENTENCE" on standard
/// error. Swift's own traps are silent in release builds.
_Noreturn void tutti_end_process(const char *sentence);

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
