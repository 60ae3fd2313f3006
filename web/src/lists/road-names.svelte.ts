import { SvelteMap } from 'svelte/reactivity';
import type { Laid } from '../api/closures';
import type { RouteStretch } from '../api/plans';
import { getSegment } from '../api/segments';

/** Names of roads by segment, for facts that say where they are by segments only. */
export class RoadNames {
  readonly #names = new SvelteMap<number, string | null>();
  readonly #asked = new Set<number>();

  /** The fact's own name of its road, else that of its first segment; null while or where that is unknown. */
  of({ route, zone, network }: { route: RouteStretch | null; zone: string | null; network: Laid }): string | null {
    if (route !== null) return [route.route, route.section].filter(Boolean).join(' ');
    const first = network.segments?.[0]?.id;
    const named = first === undefined ? undefined : this.#names.get(first);
    return named ?? zone;
  }

  /** Asks once for each that is not known yet. */
  ask(facts: readonly { route: RouteStretch | null; network: Laid }[]): void {
    for (const { route, network } of facts) {
      const first = network.segments?.[0]?.id;
      if (route !== null || first === undefined || this.#asked.has(first)) continue;
      this.#asked.add(first);
      getSegment(first).then(
        ({ name, ref }) => this.#names.set(first, name || ref || null),
        // Asked for again with the next list: a name is not worth a message.
        () => this.#asked.delete(first),
      );
    }
  }
}
