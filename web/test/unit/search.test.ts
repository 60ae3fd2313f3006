import { describe, expect, test } from 'vitest';
import { findPlaces, folded, joinFound, type KnownPlace } from '../../src/search/find-places';
import { knownRoads } from '../../src/search/known-roads';
import { roadById } from '../../src/map/road-by-id';

const place = (name: string, alias: string | null = null, lon = 140): KnownPlace => ({
  kind: 'road',
  name: { ja: name, en: name },
  alias,
  box: [lon, 40, lon, 40],
});
const found = (typed: string, known: KnownPlace[]) => findPlaces(typed, known, [140, 40]).map(({ name }) => name.ja);

describe('findPlaces', () => {
  const known = [place('国道7号', '7'), place('国道７号バイパス', '7'), place('県道77号', '77'), place('ラベンダー通り')];

  test.each([
    ['7', ['国道7号', '国道７号バイパス', '県道77号']],
    ['国道7', ['国道7号', '国道７号バイパス']],
    ['国道７号', ['国道7号', '国道７号バイパス']],
    ['らべんだー', ['ラベンダー通り']],
    ['ﾗﾍﾞﾝﾀﾞｰ', ['ラベンダー通り']],
    ['国道 7 号', ['国道7号', '国道７号バイパス']],
    ['バイパス', ['国道７号バイパス']],
    ['', []],
    ['　', []],
    ['九州', []],
  ])('%s', (typed, names) => {
    expect(found(typed, known)).toEqual(names);
  });

  test('of equal matches the nearest first', () => {
    expect(found('中央', [place('中央通り東', null, 149), place('中央通り西', null, 141)])).toEqual(['中央通り西', '中央通り東']);
  });
});

test('what the server found comes first, and each name once', () => {
  const station: KnownPlace = { ...place('中央'), kind: 'station' };
  const joined = joinFound([place('中央通り'), place('中央')], [place('中央通り', null, 141), station, place('中央橋')]);
  expect(joined.map(({ kind, name }) => `${kind} ${name.ja}`)).toEqual(['road 中央通り', 'road 中央', 'station 中央', 'road 中央橋']);
});

test('writings of one word', () => {
  expect(folded('ＡＢＣ カタカナ・ヴ')).toBe(folded('abcかたかなゔ'));
});

test('a road that came in parts is one place around all of them', () => {
  const part = (from: number, to: number) => ({
    ...roadById(1),
    name: '国道7号',
    ref: '7',
    line: { type: 'LineString' as const, coordinates: [[from, 40], [to, 41]] },
  });
  expect(knownRoads([part(140, 141), part(142, 143), roadById(2)])).toEqual([
    { kind: 'road', name: { ja: '国道7号', en: '国道7号' }, alias: '7', box: [140, 40, 143, 41] },
  ]);
});
