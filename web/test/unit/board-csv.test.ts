import { expect, test } from 'vitest';
import { csvOf } from '../../src/board/tables/csv';

test('a table begins with the mark that Excel needs', () => {
  expect(csvOf(['区間', 'km'], [['国道7号', 1.5], ['', null]])).toBe('\uFEFF区間,km\r\n国道7号,1.5\r\n,\r\n');
});

test.each([
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['+81', "'+81"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['第1種', '第1種'],
])('%j is written so that it stays text', (cell, written) => {
  expect(csvOf(['h'], [[cell]])).toBe(`\uFEFFh\r\n${written}\r\n`);
});

test('a negative number stays a number', () => {
  expect(csvOf(['h'], [[-3.5]])).toBe('\uFEFFh\r\n-3.5\r\n');
});
