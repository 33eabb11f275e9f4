import type { RelayUse } from '../rooms/relay-use.ts';

/** What a host should know about the relay. */
export interface RelayAdvice {
  title: string;
  words: string;
}

/** `undefined` while there is enough of it. */
export function relayAdvice({ people, cap, state }: RelayUse): RelayAdvice | undefined {
  if (state === 'available') return undefined;
  const carries = `It carries ${people} ${people === 1 ? 'person' : 'people'} of this room`;
  if (state === 'strained') {
    return {
      title: 'The relay is nearly full',
      words: `${carries}${cap === undefined ? '' : ` and takes ${cap}`}. Past that, whoever can’t connect directly is not seen or heard.`,
    };
  }
  return {
    title: 'The relay is full',
    words: `${carries} and takes no more. Whoever else can’t connect directly is not seen or heard until somebody leaves, or whoever runs the node gives rooms more of it.`,
  };
}
