import type { LineString } from 'geojson';
import { Problem } from '../../api/problem';

export type DrawingStep = 'idle' | 'start' | 'end' | 'drawn';

type LonLat = [lon: number, lat: number];

interface Way {
  readonly open: boolean;
  readonly length_m: number;
  readonly geometry: LineString;
}

const TIMEOUT_MS = 10_000;
/** What is shorter closes nothing: the server takes it for the mouth of the road. */
const SHORTEST_M = 20;

/** A closure that is being drawn: two taps, and the way between them along the network. */
export class ClosureDrawing {
  step: DrawingStep = $state('idle');
  taps: readonly LonLat[] = $state.raw([]);
  way: Way | null = $state.raw(null);
  /** No way leads from one tap to the other, or none long enough. */
  failed: boolean = $state(false);

  begin(): void {
    this.#set('start', [], null, false);
  }

  stop(): void {
    this.#set('idle', [], null, false);
  }

  async tap(at: LonLat): Promise<void> {
    if (this.step === 'start') return this.#set('end', [at], null, false);
    const [start] = this.taps;
    if (this.step !== 'end' || start === undefined || this.taps.length > 1) return;
    this.taps = [start, at];
    const way = await wayBetween(start, at).catch(() => null);
    // Stopped meanwhile.
    if (this.taps[0] !== start) return;
    if (way === null || way.length_m < SHORTEST_M) return this.#set('start', [], null, true);
    this.#set('drawn', [start, at], way, false);
  }

  #set(step: DrawingStep, taps: readonly LonLat[], way: Way | null, failed: boolean): void {
    [this.step, this.taps, this.way, this.failed] = [step, taps, way, failed];
  }
}

async function wayBetween(start: LonLat, end: LonLat): Promise<Way | null> {
  const response = await fetch('/api/v1/route-status', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ points: [start, end] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw await Problem.of(response);
  const way = (await response.json()) as Way;
  return way.open ? way : null;
}
