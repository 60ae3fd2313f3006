import type { LineString, Position } from 'geojson';
import type { GeoJSONFeature, Map as MapLibreMap, Point } from 'maplibre-gl';
import type { Segment } from '../api/segments';
import { distanceToLinePx } from './nearest-road';
import { ROADS_HIT_LAYER, ROADS_SOURCE } from './page-style';
import { extraDigits, statusOfTile } from './tile-status';

/** A finger with a glove on covers more than the line under it. */
const REACH_PX = 14;

export interface TappedRoad {
  readonly segmentId: number;
  readonly name: string;
  readonly ref: string;
  /** As far as the tile under the tap shows it. */
  readonly line: LineString;
  readonly status: Segment['status'];
  /** Of the tile's digits: new snow since it was cleared, and how far a call-out for it has got. */
  readonly newSnowDigit: number;
  readonly dispatchDigit: number;
  /** Several segments drawn as one at small scales; it has no status of its own. */
  readonly isMerged: boolean;
}

export function roadAt(map: MapLibreMap, point: Point): TappedRoad | null {
  if (map.getLayer(ROADS_HIT_LAYER) === undefined) return null;
  const box: [[number, number], [number, number]] = [
    [point.x - REACH_PX, point.y - REACH_PX],
    [point.x + REACH_PX, point.y + REACH_PX],
  ];
  let nearest: GeoJSONFeature | null = null;
  let nearestPx = Infinity;
  for (const feature of map.queryRenderedFeatures(box, { layers: [ROADS_HIT_LAYER] })) {
    const px = distancePx(map, point, feature);
    if (px < nearestPx) [nearest, nearestPx] = [feature, px];
  }
  return nearest === null || typeof nearest.id !== 'number' ? null : tappedRoad(nearest, nearest.id);
}

/** The roads that are drawn on the screen now. */
export function drawnRoads(map: MapLibreMap): TappedRoad[] {
  if (map.getLayer(ROADS_HIT_LAYER) === undefined) return [];
  return roadsOf(map.queryRenderedFeatures({ layers: [ROADS_HIT_LAYER] }));
}

/** The roads of all tiles that are loaded; a road may come in parts, one for each tile. */
export function loadedRoads(map: MapLibreMap): TappedRoad[] {
  if (map.getSource(ROADS_SOURCE) === undefined) return [];
  return roadsOf(map.querySourceFeatures(ROADS_SOURCE, { sourceLayer: ROADS_SOURCE }));
}

function roadsOf(features: readonly GeoJSONFeature[]): TappedRoad[] {
  return features.flatMap((feature) => (typeof feature.id === 'number' ? [tappedRoad(feature, feature.id)] : []));
}

function linesOf({ geometry }: GeoJSONFeature): Position[][] {
  if (geometry.type === 'LineString') return [geometry.coordinates];
  return geometry.type === 'MultiLineString' ? geometry.coordinates : [];
}

function distancePx(map: MapLibreMap, point: Point, feature: GeoJSONFeature): number {
  const distances = linesOf(feature).map((line) => {
    const onScreen = line.map(([lon, lat]) => map.project([lon!, lat!]));
    return distanceToLinePx(point, onScreen);
  });
  return Math.min(...distances);
}

function tappedRoad(feature: GeoJSONFeature, segmentId: number): TappedRoad {
  const { properties } = feature;
  const text = (key: string) => (typeof properties[key] === 'string' ? properties[key] : '');
  return {
    segmentId,
    name: text('name'),
    ref: text('ref'),
    line: { type: 'LineString', coordinates: linesOf(feature)[0] ?? [] },
    status: statusOfTile(properties),
    ...extraDigits(properties),
    isMerged: properties['agg'] === 1,
  };
}
