/**
 * Spares task-lib work as it loads, so it has to run before. Task-lib encrypts each of these, one file read and one
 * cipher a piece, for getters that this task never calls; a job may have hundreds of secret variables. They leave the
 * environment all the same.
 */
const nobodyAsksFor =
  /^(?:SECRET_|SECUREFILE_TICKET_|VSTS_TASKVARIABLE_|ENDPOINT_AUTH_(?:PARAMETER|SCHEME)_)/;

for (const name of Object.keys(process.env)) {
  if (nobodyAsksFor.test(name)) Reflect.deleteProperty(process.env, name);
}

/** Services set this feature for some organizations: no debug lines of task-lib's own where nobody would see them. */
process.env['DISTRIBUTEDTASK_TASKS_NODE_SKIPDEBUGLOGSWHENDEBUGMODEOFF'] = 'true';
