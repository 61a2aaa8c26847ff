#pragma once
#include <stdint.h>
#include <string.h>

// Vectors of eight for loops over pixels: what Swift's own vectors do element by element, or by calls, as soon
// as the optimizer looks away. No instruction set is named; a module that is built for AVX2 gets its vectors.

typedef float tutti_float8 __attribute__((ext_vector_type(8)));
typedef int32_t tutti_int8 __attribute__((ext_vector_type(8)));
typedef uint8_t tutti_byte8 __attribute__((ext_vector_type(8)));
typedef float tutti_float4 __attribute__((ext_vector_type(4)));
typedef int32_t tutti_int4 __attribute__((ext_vector_type(4)));
typedef uint8_t tutti_byte4 __attribute__((ext_vector_type(4)));

/// Eight pixels of three channels, each in 32 bits with red in the lowest; the highest byte is of no use. Reads
/// four bytes more than these have.
static inline tutti_int8 tutti_load_pixels(const uint8_t *place) {
  typedef uint8_t byte16 __attribute__((ext_vector_type(16)));
  byte16 low, high;
  memcpy(&low, place, sizeof low);
  memcpy(&high, place + 12, sizeof high);
  return (tutti_int8)__builtin_shufflevector(
      low, high, 0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12,
      16, 17, 18, 19, 19, 20, 21, 22, 22, 23, 24, 25, 25, 26, 27, 28);
}

static inline tutti_int8 tutti_red(tutti_int8 pixels) { return pixels & 0xFF; }
static inline tutti_int8 tutti_green(tutti_int8 pixels) { return (pixels >> 8) & 0xFF; }
static inline tutti_int8 tutti_blue(tutti_int8 pixels) { return (pixels >> 16) & 0xFF; }

static inline tutti_int8 tutti_pixels(tutti_int8 red, tutti_int8 green, tutti_int8 blue) {
  return red | (green << 8) | (blue << 16);
}

/// Writes 24 bytes and no more: what stands behind them may not have been read yet.
static inline void tutti_store_pixels(tutti_int8 pixels, uint8_t *place) {
  typedef uint8_t byte32 __attribute__((ext_vector_type(32)));
  byte32 bytes = (byte32)pixels;
  bytes = __builtin_shufflevector(
      bytes, bytes, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0,
      16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30, 16, 16, 16, 16);
  memcpy(place, &bytes, 12);
  memcpy(place + 12, (const uint8_t *)&bytes + 16, 12);
}

/// ITU-R 601's luminance as Pillow has it, in 16.16 fixed point.
static inline tutti_int8 tutti_luminance(tutti_int8 pixels) {
  return (19595 * tutti_red(pixels) + 38470 * tutti_green(pixels) + 7471 * tutti_blue(pixels) + 0x8000)
      >> 16;
}

/// The first `count` numbers, and zeros.
static inline tutti_int8 tutti_first(tutti_int8 numbers, int32_t count) {
  const tutti_int8 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  return lanes < count ? numbers : 0;
}

/// Eight bytes as whole numbers.
static inline tutti_int8 tutti_load_bytes(const uint8_t *place) {
  tutti_byte8 bytes;
  memcpy(&bytes, place, sizeof bytes);
  return __builtin_convertvector(bytes, tutti_int8);
}

/// Four bytes from either of two places.
static inline tutti_int8 tutti_load_both(const uint8_t *one, const uint8_t *other) {
  uint32_t words[2];
  memcpy(&words[0], one, 4);
  memcpy(&words[1], other, 4);
  tutti_byte8 bytes;
  memcpy(&bytes, words, sizeof bytes);
  return __builtin_convertvector(bytes, tutti_int8);
}

/// A thirteenth, rounded to the nearest, of numbers up to 13 · 255: a division by 26 as a multiplication.
static inline tutti_int8 tutti_thirteenth(tutti_int8 numbers) {
  return ((2 * numbers + 13) * 80660) >> 21;
}

/// The low byte of each number.
static inline tutti_byte8 tutti_low_bytes(tutti_int8 numbers) {
  return __builtin_convertvector(numbers, tutti_byte8);
}

static inline tutti_int8 tutti_shifted(tutti_int8 numbers, int32_t bits) { return numbers >> bits; }

static inline tutti_int8 tutti_limit_to_bytes(tutti_int8 numbers) {
  numbers = numbers < 0 ? (tutti_int8)0 : numbers;
  return numbers > 255 ? (tutti_int8)255 : numbers;
}

static inline tutti_float8 tutti_floats(tutti_int8 numbers) {
  return __builtin_convertvector(numbers, tutti_float8);
}

static inline tutti_float8 tutti_larger(tutti_float8 a, tutti_float8 b) { return a > b ? a : b; }
static inline tutti_float8 tutti_smaller(tutti_float8 a, tutti_float8 b) { return a < b ? a : b; }
static inline tutti_float8 tutti_floor(tutti_float8 a) { return __builtin_elementwise_floor(a); }

/// `one` where a is b, else `other`.
static inline tutti_float8 tutti_choose(
    tutti_float8 a, tutti_float8 b, tutti_float8 one, tutti_float8 other) {
  return a == b ? one : other;
}

/// Rounded down to whole numbers, within 0 … 255.
static inline tutti_int8 tutti_rounded_down(tutti_float8 values) {
  return __builtin_convertvector(tutti_smaller(tutti_larger(values, 0), 255), tutti_int8);
}

static inline tutti_byte4 tutti_rounded_down4(tutti_float4 values) {
  values = values > 0 ? values : 0;
  values = values < 255 ? values : 255;
  return __builtin_convertvector(__builtin_convertvector(values, tutti_int4), tutti_byte4);
}

/// Rounded to the nearest, halves to even: adding 2²³ leaves that in a float's low bits.
static inline tutti_int8 tutti_rounded(tutti_float8 values) {
  return (tutti_int8)(tutti_smaller(tutti_larger(values, 0), 255) + 0x1p23f) & 0xFF;
}
