/** What a token says of itself, for messages only: whether it is true, its receiver checks. */
export function textClaims(jwt: string): (name: string) => string {
  const claims = claimsIn(jwt);
  return (name) => (typeof claims[name] === 'string' ? claims[name] : '');
}

function claimsIn(jwt: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
