"""Valhalla Meili by its Python binding: meili.py FOLDER (as prepare.py made it)."""

import json
import sys
from pathlib import Path

import valhalla
from serving import polyline6, serve

ATTRIBUTES = ["edge.begin_shape_index", "edge.end_shape_index", "shape"]
# Yards and small roads cost no more than others: plows drive there.
COSTING = {"service_penalty": 0, "service_factor": 1, "private_access_penalty": 0, "use_living_streets": 1}


def settings_of(request):
    """Found by trial: the best, or near it, on beats and drives alike."""
    every_s = request["every_s"]
    return {
        "sigma_z": request["sigma_m"],
        "beta": 10,
        "search_radius": max(50, min(100, 4 * request["sigma_m"])),
        "turn_penalty_factor": 500 if every_s == 1 else 200 if every_s == 5 else 100,
        "interpolation_distance": 20,
        **(request.get("settings") or {}),
    }


class Matcher:
    """An actor for each σ and β: these it takes from its configuration alone."""

    def __init__(self, folder):
        self.folder = folder
        self.actors = {}

    def actor(self, sigma_z, beta):
        if (sigma_z, beta) not in self.actors:
            config = json.loads((self.folder / "valhalla.json").read_text())
            config["meili"]["default"].update(sigma_z=sigma_z, beta=beta)
            self.actors[sigma_z, beta] = valhalla.Actor(config)
        return self.actors[sigma_z, beta]

    def build(self, trace, request):
        settings = settings_of(request)
        actor = self.actor(settings.pop("sigma_z"), settings.pop("beta"))
        shape = [{"lon": x, "lat": y, "time": t} for x, y, t in zip(trace["lon"], trace["lat"], trace["t"])]
        return actor, json.dumps(
            {
                "shape": shape,
                "costing": "auto",
                "costing_options": {"auto": COSTING},
                "shape_match": "map_snap",
                "filters": {"attributes": ATTRIBUTES, "action": "include"},
                "trace_options": settings,
            }
        )

    def match(self, argument):
        actor, text = argument
        try:
            return actor.trace_attributes(text)
        except valhalla.ValhallaError:
            return None


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
    matcher = Matcher(Path(sys.argv[1]))
    serve(matcher.build, matcher.match, read)
