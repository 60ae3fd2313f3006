import type { LineString } from 'geojson';
import 'maplibre-gl/dist/maplibre-gl.css';
import {
  AttributionControl,
  LngLatBounds,
  Map as MapLibreMap,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type PaddingOptions,
  type Point,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Box } from '../api/lists';
import type { ServedStyle } from '../api/style';
import { messages } from '../i18n';
import { textIn, type Language } from '../language';
import { legendStartsOpen } from '../legend/starts-open';
import { tilesAtZoom } from '../live/changed-tiles';
import type { Changes } from '../live/event-watch';
import type { CoveredEdges } from '../panel/covered-edges';
import { MAP_PART } from '../view/address';
import { pageStyle, ROADS_HIT_LAYER, ROADS_SOURCE, STATIONS_LAYER, type PageView } from './page-style';
import { addStaleOkProtocol, throughStaleOk } from './stale-ok-tiles';
import { drawnRoads, loadedRoads, roadAt, type TappedRoad } from './tapped-road';

const MERGED_ROAD_TAP_ZOOM = 13;
/** The deepest zoom of the server's tiles. */
const DEEPEST_TILES = 16;
const REFRESH_PATIENCE_MS = 10_000;
const REVEAL_MARGIN_PX = 64;
/** Tiles of at least this zoom show single roads. */
const NEAR_ZOOM = 15;
const FONTS = '"Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif';

export { tilesAreAnnounced } from './stale-ok-tiles';

export interface RoadMapOptions {
  readonly container: HTMLElement;
  readonly style: ServedStyle;
  readonly view: PageView;
  readonly language: Language;
  readonly onRoadTap: (road: TappedRoad | null) => void;
  readonly onStationTap: () => void;
  /** Called once the map stands still somewhere else. */
  readonly onMoved: (box: Box) => void;
}

setWorkerUrl(workerUrl);
addStaleOkProtocol();

export class RoadMap {
  readonly map: MapLibreMap;
  #attribution: AttributionControl | null = null;
  #styleLoaded = false;
  #next: { style: ServedStyle; view: PageView } | null = null;

  constructor({ container, style, view, language, onRoadTap, onStationTap, onMoved }: RoadMapOptions) {
    this.map = new MapLibreMap({
      container,
      style: pageStyle(style, view),
      bounds: style.metadata['yukimichi:bounds'],
      fitBoundsOptions: { padding: clearOf(container), maxZoom: 15 },
      hash: MAP_PART,
      minZoom: 4,
      maxZoom: 19,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      localIdeographFontFamily: FONTS,
      transformRequest: throughStaleOk('/tiles/roads/'),
      locale: {
        'Map.Title': textIn(messages.mapLabel, language),
        'NavigationControl.ZoomIn': textIn(messages.zoomIn, language),
        'NavigationControl.ZoomOut': textIn(messages.zoomOut, language),
        'AttributionControl.ToggleAttribution': textIn(messages.attributionToggle, language),
      },
    });
    this.map.once('style.load', () => {
      this.#styleLoaded = true;
      this.#apply();
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 90 }), 'bottom-right');
    this.#takeTaps(onRoadTap, onStationTap);
    this.map.on('moveend', () => onMoved(this.box()));
    onMoved(this.box());
  }

  show(style: ServedStyle, view: PageView): void {
    this.#next = { style, view };
    // Until the first style has loaded there is nothing to compare with, and all would start again.
    if (this.#styleLoaded) this.#apply();
  }

  /** The feeds' owners beside the map data's; the texts are the managers' own and are shown as text. */
  showAttribution(texts: readonly string[]): void {
    if (this.#attribution !== null) this.map.removeControl(this.#attribution);
    this.#attribution = new AttributionControl({ customAttribution: texts.map(escapeHtml) });
    this.map.addControl(this.#attribution, 'bottom-right');
  }

  /** For a server that was out of reach when its tiles were first asked for. */
  retryRoads(): void {
    const source = this.map.getSource(ROADS_SOURCE);
    if (source === undefined) return;
    if (source.loaded()) this.map.refreshTiles(ROADS_SOURCE);
    else if ('setUrl' in source && 'url' in source) (source as { setUrl(url: string): void; url: string }).setUrl(source.url as string);
  }

  /** Moves the map just so far that the line's middle is not under what covers its edges. */
  reveal({ coordinates }: LineString, covered: CoveredEdges): void {
    const middle = coordinates
      .reduce((bounds, [lon, lat]) => bounds.extend([lon!, lat!]), new LngLatBounds())
      .getCenter();
    const { x, y } = this.map.project(middle);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const right = Math.max(0, x - (clientWidth - covered.rightPx - REVEAL_MARGIN_PX));
    const down = Math.max(0, y - (clientHeight - covered.bottomPx - REVEAL_MARGIN_PX));
    if (right > 0 || down > 0) this.map.panBy([right, down]);
  }

  box(): Box {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  center(): [lon: number, lat: number] {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  drawnRoads(): TappedRoad[] {
    return drawnRoads(this.map);
  }

  loadedRoads(): TappedRoad[] {
    return loadedRoads(this.map);
  }

  /** Shows the whole box beside what covers the map's edges. */
  showBox([west, south, east, north]: Box, covered: CoveredEdges): void {
    const margin = 40;
    this.map.fitBounds([west, south, east, north], {
      maxZoom: NEAR_ZOOM,
      padding: { top: margin, left: margin, right: covered.rightPx + margin, bottom: covered.bottomPx + margin },
    });
  }

  goTo(lon: number, lat: number): void {
    this.map.easeTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), NEAR_ZOOM) });
  }

  /** Asks anew for the tiles that the server says have changed; resolves once they are drawn. */
  async refreshChanged(changes: Changes): Promise<void> {
    if (!this.#refresh(changes)) return;
    const drawn = new Promise<void>((resolve) => this.map.once('idle', () => resolve()));
    // A page that nobody sees draws nothing.
    const patience = new Promise<void>((resolve) => setTimeout(resolve, REFRESH_PATIENCE_MS));
    await Promise.race([drawn, patience]);
  }

  #refresh({ tiles, all }: Changes): boolean {
    if (this.map.getSource(ROADS_SOURCE)?.loaded() !== true) return false;
    if (all) {
      this.map.refreshTiles(ROADS_SOURCE);
      return true;
    }
    // While the map zooms, tiles of the zooms beside may be drawn too.
    const zoom = Math.floor(this.map.getZoom());
    const shown = [zoom - 1, zoom, zoom + 1].filter((z) => z >= 0 && z <= DEEPEST_TILES);
    const changed = shown.flatMap((z) => tilesAtZoom(tiles, z));
    if (changed.length > 0) this.map.refreshTiles(ROADS_SOURCE, changed);
    return changed.length > 0;
  }

  remove(): void {
    this.map.remove();
  }

  #apply(): void {
    if (this.#next !== null) this.map.setStyle(pageStyle(this.#next.style, this.#next.view), { diff: true });
  }

  #takeTaps(onRoadTap: RoadMapOptions['onRoadTap'], onStationTap: RoadMapOptions['onStationTap']): void {
    const { map } = this;
    const take = (road: TappedRoad | null, center: [number, number]) => {
      if (road?.isMerged === true) map.easeTo({ center, zoom: MERGED_ROAD_TAP_ZOOM });
      else onRoadTap(road);
    };
    map.on('click', ({ point, lngLat }) => {
      if (isAtStation(map, point)) onStationTap();
      else take(roadAt(map, point), [lngLat.lng, lngLat.lat]);
    });
    map.on('mousemove', ROADS_HIT_LAYER, () => (map.getCanvas().style.cursor = 'pointer'));
    map.on('mouseleave', ROADS_HIT_LAYER, () => (map.getCanvas().style.cursor = ''));
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const center = map.getCenter();
      take(roadAt(map, map.project(center)), [center.lng, center.lat]);
    });
  }
}

/** Keeps the first view out from under the legend and the buttons. */
function clearOf({ clientWidth }: HTMLElement): PaddingOptions {
  const isWide = clientWidth >= 720;
  return { top: isWide ? 24 : 64, right: isWide ? 64 : 16, bottom: 56, left: legendStartsOpen() ? 340 : 16 };
}

function isAtStation(map: MapLibreMap, { x, y }: Point): boolean {
  const reachPx = 12;
  const box: [[number, number], [number, number]] = [
    [x - reachPx, y - reachPx],
    [x + reachPx, y + reachPx],
  ];
  return map.getLayer(STATIONS_LAYER) !== undefined && map.queryRenderedFeatures(box, { layers: [STATIONS_LAYER] }).length > 0;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
