import { describe, expect, test } from 'vitest';
import { tilesAtZoom } from '../../src/live/changed-tiles';

describe('tilesAtZoom', () => {
  test('the same zoom', () => {
    expect(tilesAtZoom(['14/100/200'], 14)).toEqual([{ z: 14, x: 100, y: 200 }]);
  });

  test('two that lie in one tile of a smaller scale ask for it once', () => {
    expect(tilesAtZoom(['14/100/200', '14/101/201'], 12)).toEqual([{ z: 12, x: 25, y: 50 }]);
  });

  test('all tiles that lie in it', () => {
    const found = tilesAtZoom(['14/100/200'], 16);
    expect(found).toHaveLength(16);
    expect(found).toContainEqual({ z: 16, x: 400, y: 800 });
    expect(found).toContainEqual({ z: 16, x: 403, y: 803 });
  });

  test.each(['', '13/1/1', '14/x/1', '14/1'])('%s is no tile of the stream', (name) => {
    expect(tilesAtZoom([name], 14)).toEqual([]);
  });
});
