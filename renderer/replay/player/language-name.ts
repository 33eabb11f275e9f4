/** A language's own name, e.g. “Deutsch”. @param tag BCP 47, e.g. `de` */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  } catch (error) {
    // What is no tag is shown as it is.
    if (error instanceof RangeError) return tag;
    throw error;
  }
}
