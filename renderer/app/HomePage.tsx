import { ProfilePage } from '../profile/ProfilePage.tsx';
import { GuestHome } from './GuestHome.tsx';
import { useStudio } from './studio-context.ts';

/** The member's own profile; for a guest, what is on at this node. */
export function HomePage() {
  const { member } = useStudio();
  return member ? <ProfilePage handle={member.handle} /> : <GuestHome />;
}
