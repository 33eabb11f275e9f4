import { Globe, Lock } from 'lucide-react';
import type { ProjectVisibility } from '../../protocol/projects.ts';
import { RadioCards } from '../ui/RadioCards.tsx';

/** Who may see a project. */
export function ProjectVisibilityCards(props: {
  value: ProjectVisibility;
  onChange: (value: ProjectVisibility) => void;
}) {
  return (
    <RadioCards
      legend="Who sees it"
      {...props}
      options={[
        {
          value: 'public',
          label: 'Everybody',
          description: 'Members post and go live; everybody may look.',
          icon: <Globe />,
        },
        {
          value: 'private',
          label: 'Members only',
          description: 'Nobody else sees its posts, rooms and replays, or that it is there.',
          icon: <Lock />,
        },
      ]}
    />
  );
}
