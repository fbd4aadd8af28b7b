import assert from 'node:assert/strict';
import { aStep, type HeldStep } from './bench.js';

const id = '11111111-1111-1111-1111-111111111111';
const endpoint = () => ({ id, name: 'c', type: 'thing', url: 'https://c/', scheme: 'Token', parameters: {} });
const errors = (step: HeldStep): string[] =>
  step.record.issues.filter(({ type }) => type === 'error').map(({ message }) => message);
const isNull = (what: string): string => `Value cannot be null. (Parameter '${what}')`;

describe('task.setendpoint', () => {
  const changes: [source: string, properties: string, data: string, read: (step: HeldStep) => unknown][] = [
    [
      'SetEndpointAuthParameter',
      `field=authParameter;id=${id};key=test`,
      'blah',
      ({ job }) => job.endpoints[0]?.parameters['test'],
    ],
    [
      'SetEndpointDataParameter',
      `field=dataParameter;id=${id};key=test`,
      'blah',
      ({ job }) => job.endpoints[0]?.data?.['test'],
    ],
    ['SetEndpointUrlParameter', `field=url;id=${id}`, 'http://blah/', ({ job }) => job.endpoints[0]?.url],
  ];
  for (const [source, properties, data, read] of changes) {
    it(`TaskCommandExtensionL0 ${source}: ${properties}`, () => {
      const step = aStep({ endpoints: [endpoint()] });

      step.say(`##vso[task.setEndpoint ${properties}]${data}`);

      assert.deepEqual([read(step), errors(step)], [data, []]);
    });
  }

  const refusals: [source: string, properties: string, data: string, message: string][] = [
    ['SetEndpointWithoutValue', 'field=url', '', isNull('Enter a valid value for setendpoint.')],
    [
      'SetEndpointWithoutEndpointField',
      `id=${id}`,
      'x',
      isNull("Required field 'field' is missing in ##vso[task.setendpoint] command."),
    ],
    [
      'SetEndpointInvalidEndpointField',
      `field=blah;id=${id};key=k`,
      'x',
      'Invalid endpoint field. Valid values are url, dataParameter and authParameter',
    ],
    [
      'SetEndpointWithoutEndpointId',
      'field=url',
      'x',
      isNull("Required field 'id' is missing in ##vso[task.setendpoint] command."),
    ],
    ['SetEndpointInvalidEndpointId', 'field=url;id=blah', 'x', isNull('Invalid endpoint id.')],
    [
      'SetEndpointServiceConnectionNotDeclared',
      'field=url;id=12345678-1234-1234-1234-123456789012',
      'http://example.com/',
      isNull(
        "Service connection with id '12345678-1234-1234-1234-123456789012' is not declared in the pipeline job and therefore can't be referenced in task.setendpoint commands.",
      ),
    ],
    [
      'SetEndpointIdWithoutEndpointKey',
      `field=authParameter;id=${id}`,
      'x',
      isNull("Required field 'key' is missing in ##vso[task.setendpoint] command."),
    ],
    ['SetEndpointUrlWithInvalidValue', `field=url;id=${id}`, 'blah', isNull('Invalid endpoint Url.')],
  ];
  for (const [source, properties, data, message] of refusals) {
    it(`TaskCommandExtensionL0 ${source}: fails for "${properties}"`, () => {
      const step = aStep({ endpoints: [endpoint()] });

      step.say(`##vso[task.setendpoint ${properties}]${data}`);

      assert.deepEqual([errors(step)[1], step.record.commandResult], [message, 'Failed']);
    });
  }

  const empty = '00000000-0000-0000-0000-000000000000';
  for (const properties of [`field=url;id=${empty}`, `field=authParameter;id=${empty};key=AccessToken`]) {
    it(`TaskCommandExtensionL0 SetEndpoint_Blocks…: leaves the job's own connection alone: ${properties}`, () => {
      const step = aStep();

      step.say(`##vso[task.setendpoint ${properties}]http://evil.com/`);

      assert.deepEqual(
        [step.job.endpoints[0]?.url, step.job.endpoints[0]?.parameters],
        ['https://ado/', { AccessToken: 'token' }],
      );
      assert.match(
        step.record.log.join('\n'),
        /Modification of system endpoint 'SystemVssConnection' is not allowed/,
      );
    });
  }

  it('masks a parameter before it looks at anything else', () => {
    const step = aStep();

    step.say(`##vso[task.setendpoint field=authParameter;id=nope]very-secret`);

    assert.doesNotMatch(step.record.log.join('\n'), /very-secret/);
  });
});
