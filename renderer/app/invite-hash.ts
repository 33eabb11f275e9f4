/** The invitation token in an address's fragment (`#invite=…`), without the `#` or with it. */
export function inviteFromHash(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('invite');
  return token || undefined;
}
