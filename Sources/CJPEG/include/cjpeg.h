#pragma once
#include <stddef.h>
#include <stdint.h>

// One JPEG decoder over libjpeg. libjpeg reports errors by longjmp, which must not cross Swift
// frames: it stays behind these functions, and none of libjpeg's own API is seen from outside.

// A decoder for one file. It borrows the file's bytes until it is destroyed.
typedef struct tutti_jpeg tutti_jpeg;

typedef struct {
  uint32_t width;
  uint32_t height;
  // Colour components as stored: 1 grey, 3 colour, 4 CMYK.
  int components;
  // Coded by arithmetic instead of Huffman codes.
  int is_arithmetic;
  // Squares of 8 by 8 values over all components. Huffman codes give each of them one bit at least.
  size_t blocks;
  // The contents of all APP1 markers that start with "Exif\0\0", one after the other and without these
  // six bytes, as Pillow joins them; lives as long as the decoder. NULL when there is none.
  const uint8_t *exif;
  size_t exif_count;
  // The contents of the last APP1 marker that starts with XMP's name, without it; lies in the file.
  // NULL when there is none.
  const uint8_t *xmp;
  size_t xmp_count;
} tutti_jpeg_header;

// NULL when there is no memory.
tutti_jpeg *tutti_jpeg_create(void);

// Frees everything, whatever state the decoder is in.
void tutti_jpeg_destroy(tutti_jpeg *decoder);

// Reads up to the first scan. Returns 0, or -1 with a message.
int tutti_jpeg_read_header(
    tutti_jpeg *decoder, const uint8_t *bytes, size_t count, tutti_jpeg_header *header);

// Begins to decode the image whose header was read; of a file in several scans, reads all of them, but
// refuses more than `scans`. Returns 0, or -1 with a message.
int tutti_jpeg_start(tutti_jpeg *decoder, int scans);

// Decodes the next `rows` rows into `rgb`, 3 * width bytes each. Returns 0, or -1 with a message; lost
// data is an error.
int tutti_jpeg_read_rows(tutti_jpeg *decoder, uint8_t *rgb, uint32_t rows);

// Reads to the file's end behind the last row. Returns 0, or -1 with a message; a file that ends early
// is an error.
int tutti_jpeg_finish(tutti_jpeg *decoder);

// Whether the last failure was that there is no memory.
int tutti_jpeg_lacks_memory(const tutti_jpeg *decoder);

// The last failure in words, most of them libjpeg's.
const char *tutti_jpeg_message(const tutti_jpeg *decoder);

// Encodes pixels of 3 channels (red, green, blue) or 1 with libjpeg's defaults (colours halved, accurate integer
// DCT) and a quality from 1 to 100. `*file` is to be freed. Returns 0, or -1 when there is no memory.
int tutti_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, uint8_t **file,
    size_t *count);
