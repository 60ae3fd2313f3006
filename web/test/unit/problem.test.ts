import { expect, test } from 'vitest';
import { Problem } from '../../src/api/problem';

const answer = (body: string, contentType: string, status: number) =>
  new Response(body, { status, headers: { 'content-type': contentType } });

test.each([
  [
    'a problem document',
    answer('{"type":"about:blank","title":"Not Found","status":404,"detail":"no segment 7"}', 'application/problem+json', 404),
    [404, 'Not Found', 'no segment 7'],
  ],
  ['a proxy’s page', answer('<h1>Bad Gateway</h1>', 'text/html', 502), [502, 'HTTP 502', null]],
  ['a broken document', answer('{"title":', 'application/problem+json; charset=utf-8', 500), [500, 'HTTP 500', null]],
])('%s', async (_name, response, expected) => {
  const problem = await Problem.of(response);
  expect([problem.status, problem.title, problem.detail]).toEqual(expected);
});
