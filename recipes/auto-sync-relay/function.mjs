// The relay as an Azure Function, programming model v4. Anonymous, since Infisical can send no key of Azure: its
// signature is the key.
// A CommonJS module, whose names ESM can't see.
import functions from '@azure/functions';
import { createRelay, settingsFrom } from './relay.mjs';

const relay = createRelay(settingsFrom(process.env));

functions.app.http('infisical', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: (request, context) => relay(request, (line) => context.log(line)),
});
