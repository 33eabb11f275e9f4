import { useEffect } from 'react';

/** Marks the document as interactive: `data-ready="true"` on `<html>`. */
export function useReady(ready = true) {
  useEffect(() => {
    if (ready) document.documentElement.dataset.ready = 'true';
  }, [ready]);
}
