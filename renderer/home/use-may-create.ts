import { useStudio } from '../app/studio-context.ts';

/** Whether the member may have rooms and posts on this node: a visitor only where they are enrolled. */
export function useMayCreate(): boolean {
  const { place, sessions } = useStudio();
  return place?.kind !== 'visit' || sessions.current?.scopes.includes('stream:create') === true;
}
