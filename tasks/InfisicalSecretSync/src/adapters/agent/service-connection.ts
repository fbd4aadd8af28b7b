/** A service connection as the agent hands it to the step. */
export interface ServiceConnection {
  id: string;
  url: string;
  scheme: string;
  parameters: Readonly<Record<string, string>>;
  /** A field that belongs to its type and not to its way of signing in; empty where there is none. */
  data(name: string): string;
}

/** A parameter of its authorization, whose names come in any case. */
export function parameterOf({ parameters }: ServiceConnection, name: string): string {
  const entry = Object.entries(parameters).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return entry?.[1].trim() ?? '';
}
