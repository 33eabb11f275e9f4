import { expect, it } from 'vitest';
import { Handle } from '../../../protocol/identity.ts';
import { visitorHandle } from '../../../protocol/visitor-handle.ts';

const USER = 'u_-Ab_C9xYz0123456789AB';

it('a visitor whose handle is taken gets one that is like it, and the same each time', () => {
  expect(visitorHandle('sam', USER)).toBe('sam-abc9xy');
  expect(visitorHandle('sam', USER)).toBe(visitorHandle('sam', USER));
  expect(visitorHandle('sam', USER.replace('A', 'Q'))).not.toBe(visitorHandle('sam', USER));
});

it('and it is a handle, however long their own is', () => {
  for (const handle of ['sa', 's'.repeat(32), 'a-b_c'.padEnd(25, '-')]) {
    expect(Handle.safeParse(visitorHandle(handle, USER)).success).toBe(true);
  }
});
