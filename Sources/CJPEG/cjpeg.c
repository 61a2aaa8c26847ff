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
  struct jpeg_progress_mgr progress;
  jmp_buf failed;
  char message[JMSG_LENGTH_MAX];
  tutti_jpeg_header header;
  int header_is_read;
  // Of the whole file.
  size_t count;
  // Where the EXIF blocks are joined when there are several; NULL before.
  uint8_t *joined;
  int most_scans;
  // A row of four inks.
  JSAMPARRAY line;
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

// Ends the work with a message of our own.
static void refuse(tutti_jpeg *decoder, const char *message) {
  snprintf(decoder->message, sizeof decoder->message, "%s", message);
  longjmp(decoder->failed, 1);
}

// Called again and again while the scans of a file are read. Each of them costs a pass over the whole
// image, however few bytes it has.
static void count_scans(j_common_ptr common) {
  tutti_jpeg *decoder = common->client_data;
  if (decoder->decompressor.input_scan_number > decoder->most_scans)
    refuse(decoder, "more scans than any honest file has");
}

// Adds to the EXIF block that was found so far. The second one takes memory, for the whole file, so that
// many small ones cost no more than their bytes.
static void join_exif(tutti_jpeg *decoder, const uint8_t *bytes, size_t count) {
  tutti_jpeg_header *header = &decoder->header;
  if (!header->exif) {
    header->exif = bytes;
    header->exif_count = count;
    return;
  }
  if (!decoder->joined) {
    decoder->joined = malloc(decoder->count);
    if (!decoder->joined) ERREXIT1(&decoder->decompressor, JERR_OUT_OF_MEMORY, 0);
    memcpy(decoder->joined, header->exif, header->exif_count);
    header->exif = decoder->joined;
  }
  memcpy(decoder->joined + header->exif_count, bytes, count);
  header->exif_count += count;
}

static const char exif_name[6] = "Exif\0";
static const char xmp_name[29] = "http://ns.adobe.com/xap/1.0/";

static int has_name(const uint8_t *bytes, size_t count, const char *name, size_t name_count) {
  return count >= name_count && memcmp(bytes, name, name_count) == 0;
}

// Looks at an APP1 marker. libjpeg's own way (jpeg_save_markers) searches the end of a list for each
// marker, which takes minutes for a file full of them.
static boolean read_app1(j_decompress_ptr decompressor) {
  tutti_jpeg *decoder = decompressor->client_data;
  struct jpeg_source_mgr *source = decompressor->src;
  const uint8_t *bytes = source->next_input_byte;
  size_t left = source->bytes_in_buffer;
  // The length counts itself, in two bytes.
  size_t length = left < 2 ? 2 : (size_t)bytes[0] << 8 | bytes[1];
  if (length < 2) length = 2;
  if (length > left) {
    WARNMS(decompressor, JWRN_JPEG_EOF);  // `judge` makes it an error.
    return FALSE;
  }
  source->next_input_byte += length;
  source->bytes_in_buffer -= length;
  // What stands behind the first scan is no part of the header, for Pillow neither.
  if (decoder->header_is_read) return TRUE;
  bytes += 2;
  length -= 2;
  if (has_name(bytes, length, exif_name, sizeof exif_name)) {
    join_exif(decoder, bytes + sizeof exif_name, length - sizeof exif_name);
  } else if (has_name(bytes, length, xmp_name, sizeof xmp_name)) {
    decoder->header.xmp = bytes + sizeof xmp_name;
    decoder->header.xmp_count = length - sizeof xmp_name;
  }
  return TRUE;
}

tutti_jpeg *tutti_jpeg_create(void) {
  tutti_jpeg *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  decompressor->err = jpeg_std_error(&decoder->errors);
  decoder->errors.error_exit = fail;
  decoder->errors.emit_message = judge;
  decoder->errors.output_message = stay_silent;
  decoder->progress.progress_monitor = count_scans;
  decompressor->client_data = decoder;
  if (setjmp(decoder->failed)) {
    tutti_jpeg_destroy(decoder);
    return NULL;
  }
  jpeg_create_decompress(decompressor);
  decompressor->progress = &decoder->progress;
  jpeg_set_marker_processor(decompressor, JPEG_APP0 + 1, read_app1);
  return decoder;
}

void tutti_jpeg_destroy(tutti_jpeg *decoder) {
  jpeg_destroy_decompress(&decoder->decompressor);
  free(decoder->joined);
  free(decoder);
}

int tutti_jpeg_read_header(
    tutti_jpeg *decoder, const uint8_t *bytes, size_t count, tutti_jpeg_header *header) {
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  if (setjmp(decoder->failed)) return -1;
  decoder->count = count;
  jpeg_mem_src(decompressor, bytes, count);
  jpeg_read_header(decompressor, TRUE);
  decoder->header_is_read = 1;
  *header = decoder->header;
  header->width = decompressor->image_width;
  header->height = decompressor->image_height;
  header->components = decompressor->num_components;
  header->is_arithmetic = decompressor->arith_code;
  for (int index = 0; index < decompressor->num_components; index++) {
    const jpeg_component_info *component = &decompressor->comp_info[index];
    header->blocks += (size_t)component->width_in_blocks * component->height_in_blocks;
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

// libjpeg makes a component grey that no scan has, or none of its means, and warns of neither.
static void check_components(tutti_jpeg *decoder) {
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  for (int index = 0; index < decompressor->num_components; index++) {
    int is_missing = !decompressor->comp_info[index].quant_table
        || (decompressor->progressive_mode && decompressor->coef_bits[index][0] < 0);
    if (is_missing) refuse(decoder, "a colour component is missing");
  }
}

int tutti_jpeg_start(tutti_jpeg *decoder, int scans) {
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  if (setjmp(decoder->failed)) return -1;
  decoder->most_scans = scans;
  decompressor->out_color_space = decompressor->num_components == 4 ? JCS_CMYK : JCS_RGB;
  // Pixels are compared with other programs': libjpeg's defaults, said aloud.
  decompressor->dct_method = JDCT_ISLOW;
  decompressor->do_fancy_upsampling = TRUE;
  jpeg_start_decompress(decompressor);
  check_components(decoder);
  return 0;
}

int tutti_jpeg_read_rows(tutti_jpeg *decoder, uint8_t *rgb, uint32_t rows) {
  struct jpeg_decompress_struct *decompressor = &decoder->decompressor;
  if (setjmp(decoder->failed)) return -1;
  int inks = decompressor->num_components == 4;
  size_t width = decompressor->output_width;
  if (inks && !decoder->line)
    decoder->line = decompressor->mem->alloc_sarray(
        (j_common_ptr)decompressor, JPOOL_IMAGE, (JDIMENSION)(4 * width), 1);
  for (uint32_t row = 0; row < rows; row++) {
    JSAMPROW direct = rgb + 3 * width * row;
    jpeg_read_scanlines(decompressor, inks ? decoder->line : &direct, 1);
    if (inks) cmyk_to_rgb(decoder->line[0], direct, width);
  }
  return 0;
}

int tutti_jpeg_finish(tutti_jpeg *decoder) {
  if (setjmp(decoder->failed)) return -1;
  // Reads to the end-of-image marker, so that a file that lacks only its end is told as well.
  jpeg_finish_decompress(&decoder->decompressor);
  return 0;
}

int tutti_jpeg_lacks_memory(const tutti_jpeg *decoder) {
  return decoder->errors.msg_code == JERR_OUT_OF_MEMORY;
}

const char *tutti_jpeg_message(const tutti_jpeg *decoder) { return decoder->message; }

// An encoder's error manager, and where to go on after an error.
typedef struct {
  struct jpeg_error_mgr errors;
  jmp_buf failed;
} encoder_errors;

static void fail_encoder(j_common_ptr common) {
  longjmp(((encoder_errors *)common->err)->failed, 1);
}

int tutti_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, uint8_t **file,
    size_t *count) {
  struct jpeg_compress_struct compressor = {0};
  encoder_errors errors;
  unsigned char *bytes = NULL;
  unsigned long length = 0;
  compressor.err = jpeg_std_error(&errors.errors);
  errors.errors.error_exit = fail_encoder;
  errors.errors.output_message = stay_silent;
  if (setjmp(errors.failed)) {
    // `bytes` is libjpeg's until the end, and may be anywhere: what it took so far is lost with an error.
    jpeg_destroy_compress(&compressor);
    return -1;
  }
  jpeg_create_compress(&compressor);
  jpeg_mem_dest(&compressor, &bytes, &length);
  compressor.image_width = width;
  compressor.image_height = height;
  compressor.input_components = channels;
  compressor.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&compressor);
  jpeg_set_quality(&compressor, quality, TRUE);
  jpeg_start_compress(&compressor, TRUE);
  for (uint32_t y = 0; y < height; y++) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)channels * width * y);
    jpeg_write_scanlines(&compressor, &row, 1);
  }
  jpeg_finish_compress(&compressor);
  jpeg_destroy_compress(&compressor);
  *file = bytes;
  *count = length;
  return 0;
}
