import { useCallback, useState } from 'react';
import type { NodeFound } from '../../protocol/home.ts';
import { useStudio } from '../app/studio-context.ts';
import { explain } from '../ui/explain.ts';
import { goHome } from './visit.ts';

/** What the owner may do about their studio's home. */
export interface HomeControl {
  /** What is at the address that was looked at. */
  found: NodeFound | undefined;
  /** Why the last thing asked for was not done, as a sentence. */
  problem: string | undefined;
  looking: boolean;
  moving: boolean;
  leaving: boolean;
  look: (address: string) => void;
  /** Makes what was found the home; the window loads anew there. */
  use: (address: string) => void;
  /** Back to this computer; the window loads anew. */
  leave: () => void;
  /** Another address is being typed. */
  reset: () => void;
}

export function useHome(): HomeControl {
  const { bridge } = useStudio();
  const [found, setFound] = useState<NodeFound>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState<'looking' | 'moving' | 'leaving'>();

  const run = useCallback(async (what: typeof busy, work: () => Promise<void>) => {
    setBusy(what);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(explain(error).message);
    } finally {
      setBusy(undefined);
    }
  }, []);

  return {
    found,
    problem,
    looking: busy === 'looking',
    moving: busy === 'moving',
    leaving: busy === 'leaving',
    look(address) {
      if (!bridge) return;
      void run('looking', async () => setFound(await bridge.call('home.look', { address })));
    },
    use(address) {
      if (!bridge) return;
      void run('moving', async () => {
        // What the person saw and went on from is what they confirmed.
        const fingerprint = found?.certificate?.fingerprint;
        await bridge.call('home.use', { address, ...(fingerprint && { fingerprint }) });
        goHome();
      });
    },
    leave() {
      if (!bridge) return;
      void run('leaving', async () => {
        await bridge.call('home.leave', undefined);
        goHome();
      });
    },
    reset() {
      setFound(undefined);
      setProblem(undefined);
    },
  };
}
