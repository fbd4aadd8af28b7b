/** Where nobody knows, or sources disagree, what the service does, a test may choose. */
export interface Switches {
  /** Status for a project that the identity does not see; both are reported, it varies by area. */
  invisibleProject: 400 | 404;
  /** GET of a group without View: as if it were not there, or refused. */
  hiddenGroup: 'null' | 'forbidden';
  /** Status for a PUT of a definition that is not the newest: 404 is reported, 409 would be usual. */
  staleDefinition: 404 | 409;
  /** Longest value of a variable (azure-devops-docs#1380, 2018); undefined for no limit. */
  valueLimit: number | undefined;
  /** Whoever does not ask for a status gets the sign-in page with 203, or always a redirect to it. */
  signIn: 'page' | 'redirect';
  /**
   * How far the clock of the `Date` header is behind that of times of change. Recorded in 2025: from nothing to a
   * second and more, for a write whose answer was given at 48 s had changed a group at 49.7 s.
   */
  webClockBehindMs: number;
}

export const defaultSwitches: Readonly<Switches> = {
  invisibleProject: 400,
  hiddenGroup: 'null',
  staleDefinition: 404,
  valueLimit: 4096,
  signIn: 'page',
  webClockBehindMs: 0,
};
