import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { openSession } from '../api/client.ts';
import type { BootedStudio } from './boot.ts';
import { readGuestName, writeGuestName } from './guest-name.ts';
import { type ProfileChange, StudioContext, type StudioValue } from './studio-context.ts';

/** Makes the booted studio available to every page, and keeps who its people are. */
export function StudioProvider({
  studio,
  children,
}: {
  studio: BootedStudio;
  children: ReactNode;
}) {
  const { api, sessions, signer, native, place } = studio;
  const [member, setMember] = useState(native?.member);
  const [guestName, setName] = useState(readGuestName);

  const changeProfile = useCallback(
    async (change: ProfileChange) => {
      if (!native) throw new Error('Only the studio’s own window has a profile to change.');
      // Asking the node first leaves the old profile in place when the handle is taken.
      await openSession(api.baseUrl, signer, { ...change, guest: false }, place?.origin);
      setMember(await native.bridge.call('identity.update', change));
      sessions.reset();
    },
    [api, native, place, sessions, signer],
  );

  const setGuestName = useCallback(
    (name: string) => {
      writeGuestName(name);
      setName(name);
      sessions.reset();
    },
    [sessions],
  );

  const value = useMemo<StudioValue>(
    () => ({
      api,
      sessions,
      node: studio.node,
      features: studio.features,
      prerequisites: studio.prerequisites,
      bridge: native?.bridge,
      info: native?.info,
      place,
      member,
      changeProfile,
      guestName,
      setGuestName,
    }),
    [api, sessions, studio, native, place, member, changeProfile, guestName, setGuestName],
  );
  return <StudioContext value={value}>{children}</StudioContext>;
}
