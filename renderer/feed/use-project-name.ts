import { useEffect, useState } from 'react';
import type { Api } from '../api/client.ts';
import { useStudio } from '../app/studio-context.ts';

const asked = new WeakMap<Api, Map<string, Promise<string | undefined>>>();

/** A project's name, asked for once by all cards together; `undefined` until it is known. */
export function useProjectName(projectId: string): string | undefined {
  const { api } = useStudio();
  const [name, setName] = useState<string>();
  useEffect(() => {
    let current = true;
    void nameOf(api, projectId).then((found) => current && setName(found));
    return () => {
      current = false;
    };
  }, [api, projectId]);
  return name;
}

function nameOf(api: Api, projectId: string): Promise<string | undefined> {
  const known = asked.get(api) ?? new Map<string, Promise<string | undefined>>();
  asked.set(api, known);
  const name =
    known.get(projectId) ??
    api.project(projectId).then(
      ({ project }) => project.name,
      (error: unknown) => {
        console.info('A project’s name is not known.', error);
        known.delete(projectId);
        return undefined;
      },
    );
  known.set(projectId, name);
  return name;
}
