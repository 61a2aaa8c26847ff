import NIOHTTP1

/// The description of the interface for programs (OpenAPI 3.1).
enum OpenAPI {
  static let response = Response(.ok, Array((text + "\n").utf8))

  private static let text = """
    {"openapi": "3.1.0",
    "info": {"title": "tutti serve", "version": "1",
      "description": "What a model says of photos, bit for bit what tutti predict says of each alone."},
    "paths": {
      "/predict": {"post": {
        "summary": "Says what photos show.",
        "security": [{}, {"token": []}],
        "parameters": [
          {"name": "heat_map", "in": "query", "description": "1: also a picture of where the model looks.",
            "schema": {"type": "string", "enum": ["0", "1", "false", "true"], "default": "0"}},
          {"name": "tta", "in": "query", "description": "Views of each photo whose answers are averaged; by default the model's own.",
            "schema": {"type": "string", "enum": ["none", "flip", "five-crop", "eight"]}},
          {"name": "name", "in": "query", "description": "Of a photo that is the whole body.",
            "schema": {"type": "string", "default": "photo"}}],
        "requestBody": {"required": true, "content": {
          "image/jpeg": {"schema": {"type": "string", "format": "binary"}},
          "image/png": {"schema": {"type": "string", "format": "binary"}},
          "image/webp": {"schema": {"type": "string", "format": "binary"}},
          "multipart/form-data": {"schema": {"type": "object", "properties": {
            "photo": {"type": "array", "items": {"type": "string", "format": "binary"}}}}}}},
        "responses": {
          "200": {"description": "For each photo what it shows, or why it can't be used.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answers"}}}},
          "400": {"$ref": "#/components/responses/Error"},
          "401": {"$ref": "#/components/responses/Error"},
          "408": {"$ref": "#/components/responses/Error"},
          "413": {"$ref": "#/components/responses/Error"},
          "415": {"$ref": "#/components/responses/Error"},
          "429": {"$ref": "#/components/responses/Error"},
          "503": {"$ref": "#/components/responses/Error"}}}},
      "/health": {"get": {
        "summary": "Whether it takes requests.",
        "responses": {
          "200": {"description": "It does.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}},
          "503": {"description": "It is stopping.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}}}}},
      "/metrics": {"get": {
        "summary": "What it has counted, for Prometheus.",
        "security": [{}, {"token": []}],
        "responses": {
          "200": {"description": "Text format 0.0.4.", "content": {"text/plain": {"schema": {"type": "string"}}}},
          "401": {"$ref": "#/components/responses/Error"},
          "429": {"$ref": "#/components/responses/Error"}}}}},
    "components": {
      "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
      "responses": {"Error": {"description": "What is wrong, and what to do.",
        "content": {"application/json": {"schema": {"type": "object", "required": ["error"],
          "properties": {"error": {"$ref": "#/components/schemas/Error"}}}}}}},
      "schemas": {
        "Error": {"type": "object", "required": ["code", "message"],
          "properties": {"code": {"type": "integer"}, "message": {"type": "string"}}},
        "Health": {"type": "object", "required": ["status", "queue"],
          "properties": {"status": {"enum": ["ok", "stopping"]},
            "queue": {"type": "integer", "description": "Photos that wait or are looked at."}}},
        "Answers": {"type": "object", "required": ["photos"], "properties": {"photos": {"type": "array",
          "items": {"$ref": "#/components/schemas/Answer"}}}},
        "Answer": {"type": "object", "required": ["name"], "properties": {
          "name": {"type": "string"},
          "predicted": {"description": "A class, or `none of these`; a list where a photo may have several labels.",
            "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
          "probabilities": {"type": "object", "additionalProperties": {"type": "number"}},
          "heat_map": {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"},
          "error": {"$ref": "#/components/schemas/Error"}}}}}}
    """
}
