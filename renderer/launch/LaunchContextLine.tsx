import { FolderKanban, UserRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import styles from './LaunchForm.module.css';

/** Whose feed the room will be in. */
export function LaunchContextLine({ projectId }: { projectId: string | undefined }) {
  const { api, member } = useStudio();
  const [projectName, setProjectName] = useState<string>();

  useEffect(() => {
    if (projectId === undefined) return;
    let current = true;
    api.project(projectId).then(
      ({ project }) => current && setProjectName(project.name),
      (error: unknown) => console.warn('The project’s name could not be loaded.', error),
    );
    return () => {
      current = false;
    };
  }, [api, projectId]);

  return (
    <p className={styles.context}>
      {projectId === undefined ? (
        <>
          <UserRound size={16} aria-hidden="true" /> Goes into your profile’s feed,{' '}
          <strong>@{member?.handle}</strong>
        </>
      ) : (
        <>
          <FolderKanban size={16} aria-hidden="true" /> Goes into the project’s feed,{' '}
          <strong>{projectName ?? '…'}</strong>
        </>
      )}
    </p>
  );
}
