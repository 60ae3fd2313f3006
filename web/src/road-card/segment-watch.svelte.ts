import { Problem } from '../api/problem';
import { getSegment, type Segment } from '../api/segments';
import { startPoll } from '../poll';

const REFRESH_MS = 10_000;
const RETRY_MS = 5_000;

/** One road's status, asked for again for as long as somebody looks at it. */
export class SegmentWatch {
  segment: Segment | null = $state.raw(null);
  failure: 'not-found' | 'unreachable' | null = $state(null);

  start(segmentId: number): () => void {
    const abort = new AbortController();
    this.segment = null;
    this.failure = null;
    const ask = async () => {
      try {
        const segment = await getSegment(segmentId, abort.signal);
        if (abort.signal.aborted) return;
        this.segment = segment;
        this.failure = null;
      } catch (error) {
        if (abort.signal.aborted) return;
        this.failure = error instanceof Problem && error.status === 404 ? 'not-found' : 'unreachable';
        throw error;
      }
    };
    const poll = startPoll(ask, { intervalMs: REFRESH_MS, retryMs: RETRY_MS, page: document });
    return () => {
      poll.stop();
      abort.abort();
    };
  }
}
