import {
  mergedVariables,
  type DefinitionVariables,
  type StoredDefinition,
  type StoredQueue,
} from './definition-store.js';
import { storedBody } from './definition-shape.js';
import type { Service } from './service.js';

export const person = {
  id: '5b0c2f0e-6a4e-4a39-8e2a-0c1d7c6f3d10',
  displayName: 'Test User',
  uniqueName: 'test.user@example.com',
};

/** Build definitions as tests put them there and look at them. */
export class DefinitionsByHand {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  addQueue(queue: StoredQueue): void {
    this.#service.queues.set(queue.id, queue);
  }

  /** A pipeline that somebody has saved; `body` is whatever else its definition has. */
  add(definition: {
    project: string;
    name: string;
    variables?: Record<string, Partial<DefinitionVariables[string]>>;
    body?: Record<string, unknown>;
  }): { id: number } {
    const service = this.#service;
    const project = service.projectNamed(definition.project);
    const id = service.nextId('definition');
    service.definitions.set(id, {
      id,
      projectId: project.id,
      name: definition.name,
      revision: 1,
      body: storedBody(definition.body ?? {}, { isNew: true, project, service }),
      variables: mergedVariables(definition.variables, {}),
      authoredBy: { ...person, descriptor: `aad.${Buffer.from(person.id).toString('base64url')}` },
      createdDate: service.time(3),
    });
    return { id };
  }

  /** A pipeline as it is saved, with the values of secrets. */
  get(id: number): Pick<StoredDefinition, 'name' | 'revision' | 'body' | 'variables'> | undefined {
    return this.#service.definitions.get(id);
  }

  /** An edit by hand of a pipeline: a new revision with the date of the edit. */
  edit(id: number, edit: (definition: StoredDefinition) => void): void {
    const definition = this.#service.definitions.get(id);
    if (definition === undefined) throw new Error(`no definition ${String(id)}`);
    edit(definition);
    definition.revision += 1;
    definition.createdDate = this.#service.laterTime(3);
  }
}
