#define _GNU_SOURCE // sched_getaffinity, memfd_create, syncfs
#include "processor.h"
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

size_t tutti_address_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  return limit.rlim_cur;
}

static char process_name[320];

void tutti_name_process(const char *name) {
  snprintf(process_name, sizeof process_name, "%s: ", name);
}

void tutti_end_process(const char *sentence) {
  fprintf(stderr, "tutti: %s%s\n", process_name, sentence);
  _exit(70);
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <xmmintrin.h>

void tutti_flush_denormals_to_zero(void) {
  _mm_setcsr(_mm_getcsr() | 0x8040); // FTZ: bit 15, DAZ: bit 6
}

#if defined(TUTTI_AVX512)
#define FEATURES "avx2 fma avx512"
#define NEEDED "AVX-512 (x86-64-v4: Intel's servers since Skylake-SP, 2017; AMD since Zen 4, 2022)"
#define WAY_OUT "Run it on a newer machine, or build it without TUTTI_INSTRUCTION_SET."
static int has_instruction_set(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("f16c") &&
         __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#else
#define FEATURES "avx2 fma"
#define NEEDED "AVX2 and FMA (x86-64-v3: Intel since Haswell, 2013; AMD since Zen, 2017)"
#define WAY_OUT "Run it on a newer machine."
static int has_instruction_set(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("f16c");
}
#endif

const char *tutti_processor_features(void) { return FEATURES; }

const char *tutti_processor_description(void) {
  static char text[160];
  if (!text[0]) {
    unsigned brand[12] = {0};
    for (unsigned i = 0; i < 3; i++)
      __get_cpuid(0x80000002 + i, brand + 4 * i, brand + 4 * i + 1, brand + 4 * i + 2,
                  brand + 4 * i + 3);
    char name[49] = {0};
    memcpy(name, brand, 48);
    snprintf(text, sizeof text, "%s; %s", name, tutti_processor_features());
  }
  return text;
}

// Runs before main, and before any code that was compiled for AVX2.
__attribute__((constructor)) static void require_instruction_set(void) {
  __builtin_cpu_init();
  if (has_instruction_set()) return;
  static const char message[] =
      "tutti: this build needs a CPU with " NEEDED ", and this one lacks them. " WAY_OUT "\n";
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written;
  _exit(69);
}

#else

void tutti_flush_denormals_to_zero(void) {
#if defined(__aarch64__)
  unsigned long control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control | (1ul << 24)));
#endif
}

const char *tutti_processor_features(void) { return "neon"; }
const char *tutti_processor_description(void) { return "arm64; neon"; }

#endif

size_t tutti_allowed_cpus(int process, int *cpus, size_t capacity) {
  cpu_set_t mask;
  if (sched_getaffinity(process, sizeof mask, &mask)) return 0;
  size_t count = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && count < capacity; cpu++)
    if (CPU_ISSET(cpu, &mask)) cpus[count++] = cpu;
  return count;
}

int tutti_memory_file(void) { return memfd_create("tutti", MFD_CLOEXEC); }

int tutti_sync_file_system(int descriptor) { return syncfs(descriptor); }
