/** Puts text on the clipboard. Rejects with a sentence where the page may not. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    throw new Error(`This window may not use the clipboard. Copy it by hand: ${text}`);
  }
}
