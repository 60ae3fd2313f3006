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
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { ServedStyle } from '../api/style';
import { messages } from '../i18n';
import type { Language } from '../language';
import { legendStartsOpen } from '../legend/starts-open';
import type { CoveredEdges } from '../panel/covered-edges';
import { pageStyle, ROADS_HIT_LAYER, ROADS_SOURCE, type PageView } from './page-style';
import { addStaleOkProtocol, throughStaleOk } from './stale-ok-tiles';
import { roadAt, type TappedRoad } from './tapped-road';

const MERGED_ROAD_TAP_ZOOM = 13;
const REVEAL_MARGIN_PX = 64;
const FONTS = '"Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif';

export interface RoadMapOptions {
  readonly container: HTMLElement;
  readonly style: ServedStyle;
  readonly view: PageView;
  readonly language: Language;
  readonly onRoadTap: (road: TappedRoad | null) => void;
}

setWorkerUrl(workerUrl);
addStaleOkProtocol();

export class RoadMap {
  readonly map: MapLibreMap;
  #attribution: AttributionControl | null = null;
  #styleLoaded = false;
  #next: { style: ServedStyle; view: PageView } | null = null;

  constructor({ container, style, view, language, onRoadTap }: RoadMapOptions) {
    this.map = new MapLibreMap({
      container,
      style: pageStyle(style, view),
      bounds: style.metadata['yukimichi:bounds'],
      fitBoundsOptions: { padding: clearOf(container), maxZoom: 15 },
      hash: true,
      minZoom: 4,
      maxZoom: 19,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      localIdeographFontFamily: FONTS,
      transformRequest: throughStaleOk('/tiles/roads/'),
      locale: {
        'Map.Title': messages.mapLabel[language],
        'NavigationControl.ZoomIn': messages.zoomIn[language],
        'NavigationControl.ZoomOut': messages.zoomOut[language],
        'AttributionControl.ToggleAttribution': messages.attributionToggle[language],
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
    this.#takeTaps(onRoadTap);
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

  remove(): void {
    this.map.remove();
  }

  #apply(): void {
    if (this.#next !== null) this.map.setStyle(pageStyle(this.#next.style, this.#next.view), { diff: true });
  }

  #takeTaps(onRoadTap: (road: TappedRoad | null) => void): void {
    const { map } = this;
    const take = (road: TappedRoad | null, center: [number, number]) => {
      if (road?.isMerged === true) map.easeTo({ center, zoom: MERGED_ROAD_TAP_ZOOM });
      else onRoadTap(road);
    };
    map.on('click', ({ point, lngLat }) => take(roadAt(map, point), [lngLat.lng, lngLat.lat]));
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

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
