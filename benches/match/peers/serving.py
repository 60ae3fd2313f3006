"""What both peers' drivers share: requests and answers, a line of JSON each, over standard input and output.

Request: {"traces": [{"lon": [...], "lat": [...], "t": [...]}], "sigma_m": 10, "every_s": 5, "at_least_s": 0.2}
Answer:  {"seconds": processor time of matching all traces once, "lines": [[[[lon, lat], ...], ...], ...]}

Only the calls that match are timed; requests are built before, answers are read after. The traces are
matched again until the calls have taken `at_least_s`, and the time is the mean.
"""

import json
import sys
import time


def serve(build, match, read):
    """`build` a call's argument from a trace, `match` it, `read` lines from what came."""
    for line in sys.stdin:
        request = json.loads(line)
        arguments = [build(trace, request) for trace in request["traces"]]
        first, spent, rounds = None, 0.0, 0
        while rounds == 0 or spent < request["at_least_s"]:
            answers = []
            began = time.process_time()
            for argument in arguments:
                answers.append(match(argument))
            spent += time.process_time() - began
            rounds += 1
            first = first or answers
        lines = [read(answer) for answer in first]
        print(json.dumps({"seconds": spent / rounds, "lines": lines}), flush=True)


def polyline6(text):
    """The positions of an encoded line with six digits."""
    values, value, shift = [], 0, 0
    for character in text:
        chunk = ord(character) - 63
        value |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    lat = lon = 0
    line = []
    for i in range(0, len(values) - 1, 2):
        lat, lon = lat + values[i], lon + values[i + 1]
        line.append([lon / 1e6, lat / 1e6])
    return line
