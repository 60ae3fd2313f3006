"""OSRM (multi-level Dijkstra) by its Python binding: osrm_mld.py FOLDER (as prepare.py made it)."""

import sys
from pathlib import Path

import osrm
from serving import polyline6, serve


def build(trace, request):
    settings = {
        "gaps": "ignore",
        "tidy": True,
        "radius_factor": 1.0,
        **(request.get("settings") or {}),
    }
    radius_m = request["sigma_m"] * settings.pop("radius_factor")
    return osrm.MatchParameters(
        coordinates=list(zip(trace["lon"], trace["lat"])),
        timestamps=trace["t"],
        radiuses=[radius_m] * len(trace["t"]),
        overview="full",
        geometries="polyline6",
        generate_hints=False,
        **settings,
    )


def matcher(folder):
    engine = osrm.OSRM(
        osrm.EngineConfig(algorithm="MLD", storage_config=str(folder / "roads.osrm"), use_shared_memory=False)
    )

    def match(argument):
        try:
            return engine.Match(argument)
        except RuntimeError:
            return None

    return match


def read(answer):
    if answer is None:
        return []
    return [polyline6(matching["geometry"]) for matching in answer["matchings"]]


if __name__ == "__main__":
    serve(build, matcher(Path(sys.argv[1])), read)
