import type { RelayUse } from '../rooms/relay-use.ts';

/** What a host should know about the relay. */
export interface RelayAdvice {
  title: string;
  words: string;
}

/** `undefined` while there is enough of it. */
export function relayAdvice({ people, cap, state }: RelayUse): RelayAdvice | undefined {
  if (state === 'available') return undefined;
  const share = cap === undefined ? `${people} people` : `${people} of ${cap} people`;
  if (state === 'strained') {
    return {
      title: 'The relay is nearly full',
      words: `${share} in this room can’t connect directly and use it. When it is full, the next such person is not seen or heard.`,
    };
  }
  return {
    title: 'The relay is full',
    words: `${share} in this room use it. Whoever else can’t connect directly is not seen or heard until somebody leaves, or whoever runs the node gives rooms more of it.`,
  };
}
