/** Addresses that a page has read before the worker could keep them. Types only, so that the worker's file stands alone. */
export interface ReadWithoutWorker {
  readonly kind: 'read-without-worker';
  readonly urls: readonly string[];
}
