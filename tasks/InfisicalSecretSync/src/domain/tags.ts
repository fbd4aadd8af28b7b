/** Whether a sync takes a secret by its tags: without tags every one, else those with one of them. */
export function isTagged({ tags: own = [] }: { tags?: readonly string[] }, tags: readonly string[]): boolean {
  return tags.length === 0 || own.some((tag) => tags.includes(tag));
}
