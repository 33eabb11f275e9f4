import { useEffect, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';

/** An address of a post's picture for as long as it is shown; `undefined` while there is none. */
export function usePicture(assetId: string | undefined): string | undefined {
  const { api } = useStudio();
  const [shown, setShown] = useState<{ assetId: string; url: string }>();
  useEffect(() => {
    if (assetId === undefined) return;
    let current = true;
    let url: string | undefined;
    api.picture(assetId, 640).then(
      (picture) => {
        if (!current) return;
        url = URL.createObjectURL(picture);
        setShown({ assetId, url });
      },
      (error: unknown) => console.info('A post is shown without its picture.', error),
    );
    return () => {
      current = false;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [api, assetId]);
  return shown?.assetId === assetId ? shown?.url : undefined;
}
