"""Builds the peers' data from one OSM file: Valhalla tiles and an OSRM MLD dataset.

    prepare.py MAP.osm[.pbf] FOLDER

Both get the roads that ours takes, without access limits, barriers and turn restrictions: a plow passes
them, so they would only count against the peers.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import osmium
import osrm
import valhalla

ROADS = set(
    "motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary "
    "tertiary_link unclassified residential living_street service road busway pedestrian".split()
)
KEPT = set("highway name ref oneway junction maxspeed lanes bridge tunnel layer".split())


class Roads(osmium.SimpleHandler):
    """Ids of the roads' nodes, and the ways with the tags that matter."""

    def __init__(self):
        super().__init__()
        self.nodes = set()
        self.ways = []

    def way(self, way):
        tags = {tag.k: tag.v for tag in way.tags}
        if tags.get("highway") not in ROADS or tags.get("area") == "yes":
            return
        nodes = [node.ref for node in way.nodes]
        self.nodes.update(nodes)
        kept = {key: value for key, value in tags.items() if key in KEPT}
        self.ways.append((way.id, nodes, kept))


class Places(osmium.SimpleHandler):
    """Copies the given nodes without their tags."""

    def __init__(self, nodes, writer):
        super().__init__()
        self.wanted, self.writer, self.found = nodes, writer, set()

    def node(self, node):
        if node.id in self.wanted:
            self.found.add(node.id)
            self.writer.add_node(node.replace(tags={}))


def write_roads(source, target):
    roads = Roads()
    roads.apply_file(source)
    writer = osmium.SimpleWriter(str(target))
    places = Places(roads.nodes, writer)
    places.apply_file(source)
    for number, nodes, tags in sorted(roads.ways, key=lambda way: way[0]):
        nodes = [node for node in nodes if node in places.found]
        if len(nodes) >= 2:
            writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=nodes, tags=tags))
    writer.close()


def run(command, log, **environment):
    with open(log, "ab") as out:
        subprocess.run(
            [str(part) for part in command], check=True, stdout=out, stderr=out, env={**os.environ, **environment}
        )


def main():
    source, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "prepare.log"
    roads = folder / "roads.osm.pbf"
    if roads.exists():
        roads.unlink()
    write_roads(source, roads)

    (folder / "valhalla").mkdir(exist_ok=True)
    config = valhalla.get_config(tile_extract="", tile_dir=str(folder / "valhalla"), verbose=False)
    limits = config["service_limits"]["trace"]
    limits.update(max_shape=100_000, max_distance=1_000_000.0, max_search_radius=200.0, max_gps_accuracy=100.0)
    config["mjolnir"]["concurrency"] = 1
    config["mjolnir"].pop("tile_extract", None)
    (folder / "valhalla.json").write_text(json.dumps(config))
    programs = Path(valhalla.__file__).parent / "bin"
    run([programs / "valhalla_build_tiles", "-c", folder / "valhalla.json", roads], log)

    osrm_folder = Path(osrm.__file__).parent
    programs, profiles = osrm_folder / "bin", osrm_folder / "share" / "profiles"
    # The program writes beside what it reads.
    for program, arguments in [
        ("osrm-extract", ["-t", "1", "-p", profiles / "car.lua", roads]),
        ("osrm-partition", ["-t", "1", folder / "roads.osrm"]),
        ("osrm-customize", ["-t", "1", folder / "roads.osrm"]),
    ]:
        run([programs / program, *arguments], log)
    (folder / "ready").write_text("")


if __name__ == "__main__":
    main()
