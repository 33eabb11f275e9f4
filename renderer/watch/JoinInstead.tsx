import { useNavigate } from '@tanstack/react-router';
import { Radio } from 'lucide-react';
import { Button } from '../ui/Button.tsx';

/** The way into the room from where it is watched. */
export function JoinInstead({ roomId }: { roomId: string }) {
  const navigate = useNavigate();
  return (
    <Button
      variant="primary"
      icon={<Radio size={18} aria-hidden="true" />}
      onClick={() => navigate({ to: '/join/$roomId', params: { roomId } })}
    >
      Join live
    </Button>
  );
}
