"""Valhalla Meili by its Python binding: meili.py FOLDER (as prepare.py made it)."""

import json
import sys
from pathlib import Path

import valhalla
from serving import polyline6, serve

ATTRIBUTES = ["edge.begin_shape_index", "edge.end_shape_index", "shape"]
# Yards and small roads cost no more than others: plows drive there.
COSTING = {"service_penalty": 0, "service_factor": 1, "private_access_penalty": 0, "use_living_streets": 1}


def build(trace, request):
    shape = [{"lon": x, "lat": y, "time": t} for x, y, t in zip(trace["lon"], trace["lat"], trace["t"])]
    sigma_m = request["sigma_m"]
    options = {"gps_accuracy": sigma_m, "search_radius": max(50, min(100, 4 * sigma_m)), "turn_penalty_factor": 0}
    options.update(request.get("settings", {}))
    return json.dumps(
        {
            "shape": shape,
            "costing": "auto",
            "costing_options": {"auto": COSTING},
            "shape_match": "map_snap",
            "filters": {"attributes": ATTRIBUTES, "action": "include"},
            "trace_options": options,
        }
    )


def matcher(folder):
    actor = valhalla.Actor(str(folder / "valhalla.json"))

    def match(argument):
        try:
            return actor.trace_attributes(argument)
        except valhalla.ValhallaError:
            return None

    return match


def read(answer):
    if answer is None:
        return []
    answer = json.loads(answer)
    shape = polyline6(answer["shape"])
    lines, last = [], None
    for edge in answer["edges"]:
        begin, end = edge["begin_shape_index"], edge["end_shape_index"]
        if begin == last:
            lines[-1].extend(shape[begin + 1 : end + 1])
        else:
            lines.append(shape[begin : end + 1])
        last = end
    return lines


if __name__ == "__main__":
    serve(build, matcher(Path(sys.argv[1])), read)
