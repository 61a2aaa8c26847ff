#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

struct tutti_jpeg {
  struct jpeg_decompress_struct decompressor;
  struct jpeg_error_mgr errors;
  jmp_buf failed;
  char message[JMSG_LENGTH_MAX];
};

static void fail(j_common_ptr common) {
  tutti_jpeg *decoder = common->client_data;
  common->err->format_message(common, decoder->message);
  longjmp(decoder->failed, 1);
}

// libjpeg goes on after lost data with grey blocks and a warning: not good enough to train on.
// Warnings that leave all pixels intact pass; what isn't known to be harmless is an error.
static void judge(j_common_ptr common, int level) {
  if (level >= 0) return;  // A trace message.
  switch (common->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:   // Bytes between two markers that belong to neither.
    case JWRN_ADOBE_XFORM:       // An unknown colour code, taken for the usual one.
    case JWRN_JFIF_MAJOR:        // A newer JFIF version.
    case JWRN_NOT_SEQUENTIAL:    // Progressive parameters in a sequential scan, unused there.
    case JWRN_BOGUS_PROGRESSION: // Scans in an unusual order; each is still decoded.
      return;
    default:
      fail(common);
  }
}

static void stay_silent(j_common_ptr common) { (void)common; }

tutti_jpeg *tutti_jpeg_create(void) {
  tutti_jpeg *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  decompressor->err = jpeg_std_error(&decoder->errors);
  decoder->errors.error_exit = fail;
  decoder->errors.emit_message = judge;
  decoder->errors.output_message = stay_silent;
  decompressor->client_data = decoder;
  if (setjmp(decoder->failed)) {
    tutti_jpeg_destroy(decoder);
    return NULL;
  }
  jpeg_create_decompress(decompressor);
  return decoder;
}

void tutti_jpeg_destroy(tutti_jpeg *decoder) {
  jpeg_destroy_decompress(&decoder->decompressor);
  free(decoder);
}

static const char exif_name[6] = "Exif\0";

int tutti_jpeg_read_header(
    tutti_jpeg *decoder, const uint8_t *bytes, size_t count, tutti_jpeg_header *header) {
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  if (setjmp(decoder->failed)) return -1;
  jpeg_mem_src(decompressor, bytes, count);
  jpeg_save_markers(decompressor, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(decompressor, TRUE);
  header->width = decompressor->image_width;
  header->height = decompressor->image_height;
  header->components = decompressor->num_components;
  header->exif = NULL;
  header->exif_count = 0;
  for (jpeg_saved_marker_ptr marker = decompressor->marker_list; marker; marker = marker->next) {
    if (marker->data_length >= sizeof exif_name
        && memcmp(marker->data, exif_name, sizeof exif_name) == 0) {
      header->exif = marker->data + sizeof exif_name;
      header->exif_count = marker->data_length - sizeof exif_name;
      break;
    }
  }
  return 0;
}

// a * b / 255, rounded.
static unsigned scaled(unsigned a, unsigned b) {
  unsigned product = a * b + 128;
  return (product + (product >> 8)) >> 8;
}

// CMYK in a JPEG is stored inverted, as Adobe does. Rounded as Pillow rounds it.
static void cmyk_to_rgb(const JSAMPLE *cmyk, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++) {
    unsigned key = cmyk[4 * x + 3];
    for (int channel = 0; channel < 3; channel++)
      rgb[3 * x + channel] = (uint8_t)(key - scaled(255u - cmyk[4 * x + channel], key));
  }
}

int tutti_jpeg_decode(tutti_jpeg *decoder, uint8_t *rgb) {
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  if (setjmp(decoder->failed)) return -1;
  int inks = decompressor->num_components == 4;
  decompressor->out_color_space = inks ? JCS_CMYK : JCS_RGB;
  // Pixels are compared with other programs': libjpeg's defaults, said aloud.
  decompressor->dct_method = JDCT_ISLOW;
  decompressor->do_fancy_upsampling = TRUE;
  jpeg_start_decompress(decompressor);
  size_t width = decompressor->output_width;
  JSAMPARRAY line = NULL;
  if (inks)
    line = decompressor->mem->alloc_sarray(
        (j_common_ptr)decompressor, JPOOL_IMAGE, (JDIMENSION)(4 * width), 1);
  while (decompressor->output_scanline < decompressor->output_height) {
    uint8_t *row = rgb + 3 * width * decompressor->output_scanline;
    JSAMPROW direct = row;
    jpeg_read_scanlines(decompressor, inks ? line : &direct, 1);
    if (inks) cmyk_to_rgb(line[0], row, width);
  }
  // Reads to the end-of-image marker, so that a file that lacks only its end is told as well.
  jpeg_finish_decompress(decompressor);
  return 0;
}

const char *tutti_jpeg_message(const tutti_jpeg *decoder) { return decoder->message; }
