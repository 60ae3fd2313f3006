import { getPlaces } from '../api/places';
import type { KnownPlace } from './find-places';

/** A typist's pause, so that not every letter is a question. */
const PAUSE_MS = 250;

/** Asks the server for what was typed; what was typed meanwhile overtakes it. */
export class PlaceSearch {
  found: readonly KnownPlace[] = $state.raw([]);
  /** Without the server only what the map has loaded can be searched. */
  failed = $state(false);

  /** Gives what stops it. */
  ask(typed: string, near: readonly [number, number]): () => void {
    this.found = [];
    if (typed.trim() === '') return () => {};
    const abort = new AbortController();
    const timer = setTimeout(() => {
      getPlaces(typed.trim(), near, abort.signal).then(
        (found) => {
          this.found = found;
          this.failed = false;
        },
        () => {
          if (!abort.signal.aborted) this.failed = true;
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }
}
