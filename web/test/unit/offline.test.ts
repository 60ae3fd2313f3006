import { expect, test } from 'vitest';
import { whatToKeep } from '../../src/offline/what-to-keep';

test.each([
  ['/', { kind: 'shell', as: '/' }],
  ['/en', { kind: 'shell', as: '/' }],
  ['/ja?easy', { kind: 'shell', as: '/' }],
  ['/manifest.webmanifest', { kind: 'shell', as: '/manifest.webmanifest' }],
  ['/assets/index-abc.js', { kind: 'asset' }],
  ['/tiles/roads/12/1/2', { kind: 'tile' }],
  ['/tiles/roads', { kind: 'view', as: '/tiles/roads' }],
  ['/style.json', { kind: 'view', as: '/style.json' }],
  ['/api/v1/closures?bbox=1,2,3,4', { kind: 'view', as: '/api/v1/closures' }],
])('%s is kept', (path, keeping) => {
  expect(whatToKeep(`https://map.example${path}`)).toEqual(keeping);
});

test.each(['/api/v1/feeds', '/api/v1/events', '/api/v1/segments/5', '/api/v1/closures/5/reopen', '/board', '/call/secret', '/metrics', '/sw.js'])(
  '%s is never kept',
  (path) => {
    expect(whatToKeep(`https://map.example${path}`)).toEqual({ kind: 'none' });
  },
);
