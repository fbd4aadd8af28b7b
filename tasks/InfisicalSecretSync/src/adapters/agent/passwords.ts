import { SecretValue } from '../../domain/secret-value.js';

/** Of the agent's proxy and of its client certificate. */
export interface AgentPasswords {
  proxy: SecretValue | undefined;
  clientCertificate: SecretValue | undefined;
}

/**
 * Taken out of the environment as soon as this module is loaded, which has to be before task-lib is: that would print
 * them to the debug log, relying on the mask, and put the keys of its own copies into files.
 */
export const agentPasswords: AgentPasswords = {
  proxy: taken('SECRET_AGENT_PROXYPASSWORD'),
  clientCertificate: taken('SECRET_AGENT_CLIENTCERTPASSWORD'),
};

function taken(name: string): SecretValue | undefined {
  const text = process.env[name] ?? '';
  Reflect.deleteProperty(process.env, name);
  return text === '' ? undefined : new SecretValue(text);
}
