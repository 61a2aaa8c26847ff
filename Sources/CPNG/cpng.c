#include "cpng.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct tutti_png {
  png_structp reader;
  png_infop info;
  jmp_buf failed;
  char message[200];
  int lacks_memory;
  // What isn't read yet.
  const uint8_t *bytes;
  size_t left;
  png_uint_32 width;
  png_uint_32 height;
  int channels;
  int passes;
};

// Chunks of text, and bytes of each when it is unpacked: more than honest files have.
enum { most_texts = 64, most_text_bytes = 2 << 20 };

static void fail(png_structp reader, png_const_charp message) {
  tutti_png *decoder = png_get_error_ptr(reader);
  snprintf(decoder->message, sizeof decoder->message, "%s", message);
  longjmp(decoder->failed, 1);
}

// Warnings are about what pixels don't depend on.
static void stay_silent(png_structp reader, png_const_charp message) {
  (void)reader;
  (void)message;
}

static png_voidp take(png_structp reader, png_alloc_size_t count) {
  tutti_png *decoder = png_get_mem_ptr(reader);
  void *memory = malloc(count);
  if (!memory) decoder->lacks_memory = 1;
  return memory;
}

static void give(png_structp reader, png_voidp memory) {
  (void)reader;
  free(memory);
}

static void read_bytes(png_structp reader, png_bytep target, size_t count) {
  tutti_png *decoder = png_get_io_ptr(reader);
  if (count > decoder->left) png_error(reader, "the file ends early");
  memcpy(target, decoder->bytes, count);
  decoder->bytes += count;
  decoder->left -= count;
}

tutti_png *tutti_png_create(void) {
  tutti_png *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  if (setjmp(decoder->failed)) {
    tutti_png_destroy(decoder);
    return NULL;
  }
  decoder->reader = png_create_read_struct_2(
      PNG_LIBPNG_VER_STRING, decoder, fail, stay_silent, decoder, take, give);
  if (decoder->reader) decoder->info = png_create_info_struct(decoder->reader);
  if (!decoder->info) {
    tutti_png_destroy(decoder);
    return NULL;
  }
  return decoder;
}

void tutti_png_destroy(tutti_png *decoder) {
  png_destroy_read_struct(&decoder->reader, &decoder->info, NULL);
  free(decoder);
}

int tutti_png_read_header(
    tutti_png *decoder, const uint8_t *bytes, size_t count, tutti_png_header *header) {
  png_structp reader = decoder->reader;
  png_infop info = decoder->info;
  if (setjmp(decoder->failed)) return -1;
  decoder->bytes = bytes;
  decoder->left = count;
  png_set_read_fn(reader, decoder, read_bytes);
  // Sizes are judged by who asks.
  png_set_user_limits(reader, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_cache_max(reader, most_texts);
  png_set_chunk_malloc_max(reader, most_text_bytes);
  // Colour spaces and the like change no pixel, as in Pillow; unread, they can't be wrong either.
  static const png_byte read[] = "eXIf\0iTXt\0tEXt\0zTXt";
  png_set_keep_unknown_chunks(reader, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_keep_unknown_chunks(reader, PNG_HANDLE_CHUNK_AS_DEFAULT, read, 4);
  png_set_crc_action(reader, PNG_CRC_DEFAULT, PNG_CRC_QUIET_USE);
  png_read_info(reader, info);
  decoder->width = png_get_image_width(reader, info);
  decoder->height = png_get_image_height(reader, info);
  header->width = decoder->width;
  header->height = decoder->height;
  header->stored = png_get_rowbytes(reader, info) * decoder->height;
  // Palettes and few bits become 8 bits, a transparent colour an alpha channel. Of 16 bits the upper 8 are
  // kept, as Pillow does for colour.
  png_set_expand(reader);
  png_set_strip_16(reader);
  png_set_gray_to_rgb(reader);
  int has_alpha = (png_get_color_type(reader, info) & PNG_COLOR_MASK_ALPHA)
      || png_get_valid(reader, info, PNG_INFO_tRNS);
  decoder->channels = has_alpha ? 4 : 3;
  header->channels = decoder->channels;
  decoder->passes = png_set_interlace_handling(reader);
  return 0;
}

int tutti_png_decode(tutti_png *decoder, uint8_t *pixels) {
  png_structp reader = decoder->reader;
  size_t line = (size_t)decoder->channels * decoder->width;
  if (setjmp(decoder->failed)) return -1;
  png_read_update_info(reader, decoder->info);
  if (png_get_rowbytes(reader, decoder->info) != line) png_error(reader, "rows of another length");
  for (int pass = 0; pass < decoder->passes; pass++)
    for (size_t y = 0; y < decoder->height; y++) png_read_row(reader, pixels + line * y, NULL);
  png_read_end(reader, decoder->info);
  return 0;
}

static int is_called(const png_text *text, const char *key) { return strcmp(text->key, key) == 0; }

tutti_png_metadata tutti_png_read_metadata(tutti_png *decoder) {
  tutti_png_metadata metadata = {0};
  if (setjmp(decoder->failed)) return metadata;
  png_bytep exif = NULL;
  png_uint_32 exif_count = 0;
  if (png_get_eXIf_1(decoder->reader, decoder->info, &exif_count, &exif)) {
    metadata.exif = exif;
    metadata.exif_count = exif_count;
  }
  png_textp texts = NULL;
  int count = png_get_text(decoder->reader, decoder->info, &texts, NULL);
  for (int index = 0; index < count; index++) {
    const png_text *text = &texts[index];
    size_t length = text->compression > PNG_TEXT_COMPRESSION_zTXt ? text->itxt_length
                                                                  : text->text_length;
    if (is_called(text, "XML:com.adobe.xmp")) {
      metadata.xmp = (const uint8_t *)text->text;
      metadata.xmp_count = length;
    } else if (is_called(text, "Raw profile type exif")) {
      metadata.profile = (const uint8_t *)text->text;
      metadata.profile_count = length;
    }
  }
  return metadata;
}

int tutti_png_lacks_memory(const tutti_png *decoder) { return decoder->lacks_memory; }

const char *tutti_png_message(const tutti_png *decoder) { return decoder->message; }
