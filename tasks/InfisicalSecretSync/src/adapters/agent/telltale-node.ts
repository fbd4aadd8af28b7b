/**
 * What the environment of a step can make Node tell of this process. Node reads NODE_DEBUG before the first line of any
 * script, so taking it away does nothing; but what it prints for it, headers, bodies and the agent's client key among
 * them, goes through `process.stderr`, to which nothing of the task itself is written.
 */
if ((process.env['NODE_DEBUG'] ?? '') !== '') process.stderr.write = () => true;

/** Options that write down keys, memory or the environment, or let others look into the process. Node takes `_` for `-`. */
const telltale = /--(?:tls-keylog|trace-tls|inspect|heapsnapshot|report)[a-z-]*/g;

/** What a person should take out of the environment, since no running process can switch it off. */
export function telltaleWarnings(env: NodeJS.ProcessEnv): string[] {
  const options = [...new Set((env['NODE_OPTIONS'] ?? '').replaceAll('_', '-').match(telltale))];
  return [
    ...((env['NODE_DEBUG'] ?? '') === ''
      ? []
      : [
          'NODE_DEBUG is set for this step. It makes Node print keys and tokens, so this task suppressed that output. Remove NODE_DEBUG from the environment of the step and of the agent.',
        ]),
    ...(options.length === 0
      ? []
      : [
          `NODE_OPTIONS of this step contains ${options.join(', ')}. With that, Node writes down secrets of this process or lets others look into it. Remove it from the environment of the step and of the agent.`,
        ]),
  ];
}
