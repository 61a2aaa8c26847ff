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
  // The contents of the first APP1 marker that starts with "Exif\0\0", without these six bytes;
  // lives as long as the decoder. NULL when there is none.
  const uint8_t *exif;
  size_t exif_count;
} tutti_jpeg_header;

// NULL when there is no memory.
tutti_jpeg *tutti_jpeg_create(void);

// Frees everything, whatever state the decoder is in.
void tutti_jpeg_destroy(tutti_jpeg *decoder);

// Reads up to the first scan. Returns 0, or -1 with a message.
int tutti_jpeg_read_header(
    tutti_jpeg *decoder, const uint8_t *bytes, size_t count, tutti_jpeg_header *header);

// Decodes the image whose header was read into `rgb`: height rows of 3 * width bytes.
// Returns 0, or -1 with a message; a file that ends early or lost data is an error.
int tutti_jpeg_decode(tutti_jpeg *decoder, uint8_t *rgb);

// libjpeg's words for the last failure.
const char *tutti_jpeg_message(const tutti_jpeg *decoder);
