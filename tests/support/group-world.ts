import { AzureDevOpsApi } from '#task/adapters/azure-devops/api.js';
import { GroupApi } from '#task/adapters/azure-devops/group/group-api.js';
import { VariableGroupStore } from '#task/adapters/azure-devops/group/variable-group-store.js';
import type { TeamProject } from '#task/adapters/azure-devops/project.js';
import { HttpClient } from '#task/adapters/http/client.js';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import { anIdentity, clientOptions } from './builders.js';
import { FakeClock } from './fake-clock.js';

const token = 'job-token';

/** The adapters of Azure DevOps before its emulator, with one project, `Shop`. */
export class GroupWorld {
  readonly clock = new FakeClock();
  readonly ado: AzureDevOpsEmulator;
  readonly #shop: TeamProject;
  readonly #http = new HttpClient(clientOptions(this.clock));

  private constructor(ado: AzureDevOpsEmulator, shop: TeamProject) {
    this.ado = ado;
    this.#shop = shop;
  }

  static async open(): Promise<GroupWorld> {
    // Each write has a time of its own; within one step of 1/300 s no client could tell them apart.
    let time = Date.UTC(2026, 10, 24);
    const ado = await AzureDevOpsEmulator.start({ now: () => (time += 10) });
    const shop = ado.addProject({ name: 'Shop' });
    ado.addIdentity({ name: 'build', bearer: token });
    return new GroupWorld(ado, shop);
  }

  get api(): AzureDevOpsApi {
    return new AzureDevOpsApi(anIdentity(this.ado.collectionUrl, token), this.#http);
  }

  /** A store that has read nothing yet. */
  groupStore(name: string): VariableGroupStore {
    return new VariableGroupStore({
      name,
      projectTitle: 'Shop',
      groups: new GroupApi(this.api, 'Shop', { group: name, project: 'Shop' }),
      clock: this.clock,
      project: () => Promise.resolve(this.#shop),
      authorize: () => Promise.resolve([]),
    });
  }

  async close(): Promise<void> {
    this.#http.close();
    await this.ado.close();
  }
}
