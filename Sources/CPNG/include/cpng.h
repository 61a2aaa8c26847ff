#pragma once
#include <stddef.h>
#include <stdint.h>

// One PNG decoder over libpng. libpng reports errors by longjmp, which must not cross Swift frames: it
// stays behind these functions, and none of libpng's own API is seen from outside.

// A decoder for one file. It borrows the file's bytes until it is destroyed.
typedef struct tutti_png tutti_png;

typedef struct {
  uint32_t width;
  uint32_t height;
  // Bytes of all rows as they are compressed, without those that an interlaced file has more.
  size_t stored;
  // 3, or 4 where pixels may be transparent.
  int channels;
} tutti_png_header;

// What a file says of its picture beside the pixels, NULL where it says nothing. Lives as long as the
// decoder.
typedef struct {
  // The contents of the chunk eXIf.
  const uint8_t *exif;
  size_t exif_count;
  // An EXIF block in hexadecimal, as ImageMagick wrote it before there was that chunk.
  const uint8_t *profile;
  size_t profile_count;
  // An XMP packet.
  const uint8_t *xmp;
  size_t xmp_count;
} tutti_png_metadata;

// NULL when there is no memory.
tutti_png *tutti_png_create(void);

// Frees everything, whatever state the decoder is in.
void tutti_png_destroy(tutti_png *decoder);

// Reads up to the pixels, for which no memory is taken yet. Returns 0, or -1 with a message.
int tutti_png_read_header(
    tutti_png *decoder, const uint8_t *bytes, size_t count, tutti_png_header *header);

// Decodes to 8-bit pixels, channels * width * height bytes, and reads to the file's end. Returns 0, or -1
// with a message; a file that ends early is an error.
int tutti_png_decode(tutti_png *decoder, uint8_t *pixels);

// After decoding, since it may stand behind the pixels.
tutti_png_metadata tutti_png_read_metadata(tutti_png *decoder);

// Whether the last failure was that there is no memory.
int tutti_png_lacks_memory(const tutti_png *decoder);

// The last failure in words, most of them libpng's.
const char *tutti_png_message(const tutti_png *decoder);
