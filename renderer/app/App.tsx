import { Tooltip } from '@base-ui/react/tooltip';
import { useCallback } from 'react';
import { PlaceProblem } from '../home/PlaceProblem.tsx';
import { Toasts } from '../ui/Toasts.tsx';
import { useLoad } from '../ui/use-load.ts';
import { BootProblem } from './BootProblem.tsx';
import { BootScreen } from './BootScreen.tsx';
import { boot } from './boot.ts';
import { StudioWindow } from './StudioWindow.tsx';

/** The whole window: booting, the studio, or why there is none. */
export function App() {
  const { state, reload } = useLoad(useCallback(() => bootOnce(), []));
  const retry = () => {
    booting = undefined;
    reload();
  };
  return (
    <Tooltip.Provider delay={400}>
      {state.status === 'loading' && <BootScreen />}
      {state.status === 'failed' && <BootProblem problem={state.problem} onRetry={retry} />}
      {state.status === 'ready' && 'studio' in state.value && (
        <StudioWindow studio={state.value.studio} />
      )}
      {state.status === 'ready' && 'unreachable' in state.value && (
        <PlaceProblem place={state.value.unreachable} onRetry={retry} />
      )}
      <Toasts />
    </Tooltip.Provider>
  );
}

/** One native side per window, however often React mounts the app. */
let booting: ReturnType<typeof boot> | undefined;

function bootOnce() {
  booting ??= boot();
  return booting;
}
