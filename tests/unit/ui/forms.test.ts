import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import { validGuestName } from '../../../renderer/app/guest-name.ts';
import { launchRequest } from '../../../renderer/launch/launch-form.ts';
import { profileProblems, tidyHandle } from '../../../renderer/profile/profile-form.ts';
import { promoteRequest, tagsOf } from '../../../renderer/stage/promote-form.ts';
import { explain, fieldProblem } from '../../../renderer/ui/explain.ts';

describe('a profile', () => {
  test('with a good handle and name has no problems', () => {
    expect(profileProblems({ handle: 'ada_l-1', displayName: 'Ada' })).toEqual({});
  });

  test('without anything asks for both', () => {
    const problems = profileProblems({ handle: '', displayName: '  ' });
    expect(problems).toEqual({ handle: 'Choose a handle.', displayName: 'Enter a name.' });
  });

  test.each(['a', '-ada', 'Ada', 'a b', 'x'.repeat(33)])('refuses the handle "%s"', (handle) => {
    expect(profileProblems({ handle, displayName: 'Ada' }).handle).toMatch(/2 to 32/);
  });

  test('refuses a name of 65 characters', () => {
    expect(profileProblems({ handle: 'ada', displayName: 'x'.repeat(65) }).displayName).toMatch(
      /64/,
    );
  });

  test('takes a handle as people type it', () => {
    expect(tidyHandle(' @Ada')).toBe('ada');
  });

  test('a guest needs a name that can be shown', () => {
    expect(validGuestName(' Grace ')).toBe('Grace');
    expect(validGuestName('   ')).toBeUndefined();
    expect(validGuestName('x'.repeat(65))).toBeUndefined();
  });
});

describe('starting a room', () => {
  const draft = {
    title: ' Tuning ',
    visibility: 'public',
    record: true,
    encrypted: false,
    projectId: undefined,
  } as const;

  test('from the profile', () => {
    expect(launchRequest(draft)).toEqual({
      ok: true,
      request: { title: 'Tuning', visibility: 'public', recording: true, context: 'profile' },
    });
  });

  test('from a project', () => {
    const launched = launchRequest({ ...draft, projectId: 'proj_0123456789' });
    expect(launched).toMatchObject({
      ok: true,
      request: { context: 'project', projectId: 'proj_0123456789' },
    });
  });

  test('that is encrypted end to end', () => {
    expect(launchRequest({ ...draft, encrypted: true })).toMatchObject({
      ok: true,
      request: { private: true },
    });
  });

  test('without a title is refused', () => {
    expect(launchRequest({ ...draft, title: ' ' })).toMatchObject({
      ok: false,
      titleProblem: 'Give the room a title.',
    });
    expect(launchRequest({ ...draft, title: 'x'.repeat(121) })).toMatchObject({ ok: false });
  });
});

describe('going live', () => {
  test('what is left empty is left out', () => {
    expect(promoteRequest({ title: 'Tuning', description: ' ', tags: '' })).toEqual({
      ok: true,
      request: { title: 'Tuning' },
    });
  });

  test('tags are words, with or without #, each once', () => {
    expect(tagsOf('#music, lamps  music\n#b-flat')).toEqual(['music', 'lamps', 'b-flat']);
  });

  test('a tag that is no word is refused at its field', () => {
    const refused = promoteRequest({ title: 'Tuning', description: '', tags: 'rock&roll' });
    expect(refused).toMatchObject({
      ok: false,
      problems: { tags: expect.stringMatching(/single word/) },
    });
  });

  test('a title must not be empty', () => {
    const refused = promoteRequest({ title: ' ', description: '', tags: '' });
    expect(refused).toMatchObject({ ok: false, problems: { title: expect.any(String) } });
  });
});

describe('what went wrong, in words', () => {
  test('a refusal of ours keeps its code and sentence', () => {
    const refusal = new ProtocolError('handle-taken', 'Somebody else has this handle.');
    expect(explain(refusal)).toEqual({
      code: 'handle-taken',
      message: 'Somebody else has this handle.',
    });
  });

  test('anything else is unexpected, and says so', () => {
    expect(explain(new Error('boom'))).toMatchObject({ code: 'internal' });
    expect(explain('boom').message).toMatch(/unexpected/);
  });

  test('a refused field is found by its path', () => {
    const refusal = new ProtocolError('validation-failed', 'Look at the fields.', [
      { path: 'handle', message: 'is too short' },
    ]);
    expect(fieldProblem(refusal, 'handle')).toBe('is too short');
    expect(fieldProblem(refusal, 'displayName')).toBeUndefined();
    expect(fieldProblem(new Error('boom'), 'handle')).toBeUndefined();
  });
});
