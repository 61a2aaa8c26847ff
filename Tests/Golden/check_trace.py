"""Reads traces with Perfetto's own trace processor, and checks that all slices arrive as they are in the file, that they lie in each
other, and that the parts of each step take its time.

    python Tests/Golden/check_trace.py TRACE…

`pip install perfetto`, which downloads the trace processor when it is first used; TRACE_PROCESSOR names one that is there.
"""

import json
import os
import sys

from perfetto.trace_processor import TraceProcessor, TraceProcessorConfig

for path in sys.argv[1:]:
    written = [event for event in json.load(open(path))["traceEvents"] if event["ph"] == "X"]
    trace = TraceProcessor(trace=path, config=TraceProcessorConfig(bin_path=os.environ.get("TRACE_PROCESSOR")))
    lost = {row.name: row.value for row in trace.query("select name, value from stats where severity = 'error' and value > 0")}
    assert not lost, lost
    (row,) = trace.query("select count(*) n, count(distinct upid) ranks from slice left join thread_track t on track_id = t.id left join thread using (utid)")
    ranks = {event["pid"] for event in written}
    assert row.n == len(written) and row.ranks == len(ranks), (row.n, len(written), row.ranks)
    steps = list(trace.query("""
        select s.name, p.name rank, s.dur, sum(c.dur) parts from slice s join slice c on c.parent_id = s.id
        join thread_track t on s.track_id = t.id join thread using (utid) join process p using (upid)
        where s.name glob 'step *' group by s.id"""))
    assert len(steps) == sum(event["name"].startswith("step ") for event in written)
    for step in steps:
        assert 0.95 * step.dur <= step.parts <= step.dur, (step.rank, step.name, step.parts / step.dur)
    least = min(step.parts / step.dur for step in steps)
    print(f"{path}: {row.n} slices of {row.ranks} ranks; the parts of {len(steps)} steps take {least:.4f} of their time or more")
    trace.close()
