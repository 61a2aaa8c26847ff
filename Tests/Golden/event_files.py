"""Golden values of TensorBoard's event files, in event_files.json:

events [{wall_time, step, tags, values}]
    what was written; without tags, the step at which a session starts
file
    the bytes of the file, as hexadecimal digits, of TensorBoard's own writer
"""

import io
import json
import pathlib

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

events = [
    {"wall_time": 1.7e9, "step": 0, "tags": None, "values": []},
    {"wall_time": 1700000000.25, "step": 1, "tags": ["train/loss"], "values": [0.0]},
    {"wall_time": 1700000001.5, "step": 300, "tags": ["validation/macro_f1", "validation_f1/Ärger"],
     "values": [0.8999999761581421, -1e-3]},
]
stream = io.BytesIO()
stream.close, bytes_of = lambda: None, stream.getvalue
writer = RecordWriter(stream)
writer.write(Event(wall_time=1.7e9, file_version="brain.Event:2").SerializeToString())
for event in events:
    message = Event(wall_time=event["wall_time"], step=event["step"])
    if event["tags"] is None:
        message.session_log.CopyFrom(SessionLog(status=SessionLog.START))
    else:
        message.summary.CopyFrom(Summary(value=[
            Summary.Value(tag=tag, simple_value=value)
            for tag, value in zip(event["tags"], event["values"])]))
    writer.write(message.SerializeToString())
writer.flush()
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"events": events, "file": bytes_of().hex()}, indent=1) + "\n")
