import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Closure } from '../api/closures';
import type { Fact } from '../api/lists';
import { closureKinds } from '../closures/closure-words';
import { groupOf } from '../closures/closure-groups';
import type { HerePosition } from '../here/here.svelte';
import { isBelieved, type StationReadings } from '../stations/station-readings';
import { TREND_ARROWS, trendOf } from '../stations/station-words';
import type { Ground } from './ground';
import { CLOSURE_COLOURS } from './closure-colours';

export const FONTS = ['Noto Sans JP Medium', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', 'sans-serif'];

/** What is drawn over the roads, from lists rather than tiles. */
export interface Overlays {
  readonly closures: readonly Fact<Closure>[];
  readonly stations: readonly StationReadings[];
  readonly here: HerePosition | null;
}

export const NO_OVERLAYS: Overlays = { closures: [], stations: [], here: null };

export function overlaySources({ closures, stations, here }: Overlays): Record<string, SourceSpecification> {
  return {
    'page-closures': geojson(closuresDrawn(closures)),
    'page-stations': geojson(stationsDrawn(stations)),
    'page-here': geojson({
      type: 'FeatureCollection',
      features:
        here === null
          ? []
          : [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [here.lon, here.lat] } }],
    }),
  };
}

function geojson(data: FeatureCollection): SourceSpecification {
  return { type: 'geojson', data };
}

function closuresDrawn(closures: readonly Fact<Closure>[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: closures.flatMap(({ geometry, properties }) =>
      geometry === null
        ? []
        : [
            {
              type: 'Feature' as const,
              geometry,
              properties: {
                group: groupOf(properties),
                holds: properties.holds,
                label: (closureKinds[properties.kind] ?? closureKinds.restricted).ja,
              },
            },
          ],
    ),
  };
}

function stationsDrawn(stations: readonly StationReadings[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: stations.flatMap((station) =>
      station.place === null
        ? []
        : [
            {
              type: 'Feature' as const,
              geometry: station.place,
              properties: { label: stationLabel(station), believed: station.depth !== null && isBelieved(station.depth) },
            },
          ],
    ),
  };
}

/** Never 0 where there is no value. */
export function stationLabel({ depth, trendCmPerHour }: Pick<StationReadings, 'depth' | 'trendCmPerHour'>): string {
  if (depth === null || depth.cm === null) return '欠測';
  const arrow = trendCmPerHour === null ? '' : TREND_ARROWS[trendOf(trendCmPerHour)];
  return `${Math.round(depth.cm)}cm${arrow}${isBelieved(depth) ? '' : '?'}`;
}

const byGroup = (colours: Readonly<Record<'closed' | 'winter' | 'others', string>>) =>
  ['match', ['get', 'group'], 'closed', colours.closed, 'winter', colours.winter, colours.others] as never;
const fading = ['case', ['get', 'holds'], 1, 0.35] as never;
const wider = (factor: number) => ['interpolate', ['exponential', 1.4], ['zoom'], 8, 3 * factor, 13, 7 * factor, 16, 14 * factor] as never;

/** A barrier's stripes, so that they are told from any road without their colour. */
export function overlayLayers(ground: Ground): readonly LayerSpecification[] {
  return [
    {
      id: 'page-closures-casing',
      type: 'line',
      source: 'page-closures',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': '#0b0e13', 'line-width': wider(1.35), 'line-opacity': fading },
    },
    {
      id: 'page-closures-ground',
      type: 'line',
      source: 'page-closures',
      paint: { 'line-color': byGroup(CLOSURE_COLOURS.ground), 'line-width': wider(1), 'line-opacity': fading },
    },
    {
      id: 'page-closures-stripes',
      type: 'line',
      source: 'page-closures',
      paint: {
        'line-color': byGroup(CLOSURE_COLOURS.stripes),
        'line-width': wider(1),
        'line-dasharray': [0.6, 0.9],
        'line-opacity': fading,
      },
    },
    {
      id: 'page-closures-names',
      type: 'symbol',
      source: 'page-closures',
      minzoom: 11,
      filter: ['get', 'holds'],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 400,
        'text-field': ['get', 'label'],
        'text-font': FONTS,
        'text-size': 14,
        'text-allow-overlap': true,
        'text-keep-upright': true,
        'text-offset': [0, -1.3],
      },
      paint: { 'text-color': ground.label, 'text-halo-color': ground.labelHalo, 'text-halo-width': 2.4 },
    },
    {
      id: 'page-stations',
      type: 'circle',
      source: 'page-stations',
      minzoom: 7,
      paint: {
        'circle-radius': 6,
        'circle-color': ['case', ['get', 'believed'], '#ffffff', '#8a929c'],
        'circle-stroke-color': '#0b3a66',
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'page-stations-depths',
      type: 'symbol',
      source: 'page-stations',
      minzoom: 8,
      layout: {
        'text-field': ['get', 'label'],
        'text-font': FONTS,
        'text-size': 14,
        'text-anchor': 'left',
        'text-offset': [0.8, 0],
        'text-optional': false,
      },
      paint: { 'text-color': ground.label, 'text-halo-color': ground.labelHalo, 'text-halo-width': 2.2 },
    },
    {
      id: 'page-here',
      type: 'circle',
      source: 'page-here',
      paint: { 'circle-radius': 9, 'circle-color': '#1673ff', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 4 },
    },
  ];
}
