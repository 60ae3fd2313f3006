export interface TileId {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Zoom whose tiles the event stream names. */
const NAMED_ZOOM = 14;

/** The tiles of a zoom that show something of the named ones: what is over them, or lies in them. */
export function tilesAtZoom(named: readonly string[], zoom: number): TileId[] {
  const found = new Map<string, TileId>();
  for (const name of named) {
    const [z, x, y] = name.split('/').map(Number);
    if (z !== NAMED_ZOOM || x === undefined || y === undefined || !Number.isInteger(x) || !Number.isInteger(y)) continue;
    for (const tile of zoom <= NAMED_ZOOM ? [over(x, y, zoom)] : within(x, y, zoom)) {
      found.set(`${tile.z}/${tile.x}/${tile.y}`, tile);
    }
  }
  return [...found.values()];
}

function over(x: number, y: number, zoom: number): TileId {
  const shrink = 2 ** (NAMED_ZOOM - zoom);
  return { z: zoom, x: Math.floor(x / shrink), y: Math.floor(y / shrink) };
}

function within(x: number, y: number, zoom: number): TileId[] {
  const side = 2 ** (zoom - NAMED_ZOOM);
  const steps = Array.from({ length: side }, (_, step) => step);
  return steps.flatMap((row) => steps.map((column) => ({ z: zoom, x: x * side + column, y: y * side + row })));
}
