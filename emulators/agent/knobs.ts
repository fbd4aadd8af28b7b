import type { Variables } from './variables.js';

interface KnobSources {
  /** A server's feature flag, which arrives as a variable. */
  feature?: string;
  isEnvironmentFirst?: boolean;
}

/** Settings of the agent: a variable of the job, secret or not, else its own environment (AgentKnobs.cs). */
export class Knobs {
  readonly #variables: Variables;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(variables: Variables, environment: NodeJS.ProcessEnv) {
    this.#variables = variables;
    this.#environment = environment;
  }

  /** An empty value counts as none. */
  text(name: string, sources: KnobSources = {}): string | undefined {
    const feature =
      sources.feature === undefined ? '' : this.#variable(`DistributedTask.Agent.${sources.feature}`);
    const places = [this.#variable(name), this.#environment[name] ?? ''];
    if (sources.isEnvironmentFirst === true) places.reverse();
    return [feature, ...places].find((value) => value !== '');
  }

  isOn(name: string, byDefault = false, sources: KnobSources = {}): boolean {
    const text = this.text(name, sources);
    return text === undefined ? byDefault : /^(?:1|true|\$true)$/i.test(text);
  }

  number(name: string, byDefault: number): number {
    return Number(this.text(name) ?? byDefault);
  }

  #variable(name: string): string {
    return this.#variables.get(name)?.value ?? '';
  }
}
