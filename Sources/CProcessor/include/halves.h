#pragma once
#include <stdint.h>
#include <string.h>

// Numbers of 16 bits as floats, and floats rounded to them, to the nearest, halves to even: one, or as many as
// the module's vectors have. Those of a build for AVX2 or AVX-512 are instructions, for which F16C is needed.

#if defined(__AVX512F__)
#define TUTTI_LANES 16
#else
#define TUTTI_LANES 8
#endif

typedef float tutti_floats_n __attribute__((ext_vector_type(TUTTI_LANES)));
typedef uint32_t tutti_words_n __attribute__((ext_vector_type(TUTTI_LANES)));
typedef uint16_t tutti_halves_n __attribute__((ext_vector_type(TUTTI_LANES)));
typedef _Float16 tutti_float16s_n __attribute__((ext_vector_type(TUTTI_LANES)));

/// bfloat16 is the upper half of a float.
static inline float tutti_from_bf16(uint16_t bits) {
  uint32_t word = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}

static inline uint16_t tutti_to_bf16(float value) {
  uint32_t word;
  memcpy(&word, &value, sizeof word);
  // The sum would carry a NaN over into infinity, or zero.
  if (value != value) return (uint16_t)(word >> 16 | 0x40);
  return (uint16_t)((word + 0x7FFF + (word >> 16 & 1)) >> 16);
}

static inline float tutti_from_fp16(uint16_t bits) {
  _Float16 half;
  memcpy(&half, &bits, sizeof half);
  return (float)half;
}

static inline uint16_t tutti_to_fp16(float value) {
  _Float16 half = (_Float16)value;
  uint16_t bits;
  memcpy(&bits, &half, sizeof bits);
  return bits;
}

static inline tutti_floats_n tutti_load_bf16(const uint16_t *place) {
  tutti_halves_n halves;
  memcpy(&halves, place, sizeof halves);
  return (tutti_floats_n)(__builtin_convertvector(halves, tutti_words_n) << 16);
}

static inline void tutti_store_bf16(tutti_floats_n values, uint16_t *place) {
  tutti_words_n words = (tutti_words_n)values;
  tutti_words_n rounded = (words + 0x7FFF + (words >> 16 & 1)) >> 16;
  tutti_words_n quiet = words >> 16 | 0x40;
  rounded = values != values ? quiet : rounded;
  tutti_halves_n halves = __builtin_convertvector(rounded, tutti_halves_n);
  memcpy(place, &halves, sizeof halves);
}

static inline tutti_floats_n tutti_load_fp16(const uint16_t *place) {
  tutti_float16s_n halves;
  memcpy(&halves, place, sizeof halves);
  return __builtin_convertvector(halves, tutti_floats_n);
}

static inline void tutti_store_fp16(tutti_floats_n values, uint16_t *place) {
  tutti_float16s_n halves = __builtin_convertvector(values, tutti_float16s_n);
  memcpy(place, &halves, sizeof halves);
}
