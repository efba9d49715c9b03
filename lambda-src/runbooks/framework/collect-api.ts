import type { Context } from './definition';
import type { ApiTarget } from '../../../src/private/shared/contract';

/** The configuration of an API, by its id: how long its integrations may take, and where it logs its requests. */
export async function collectApi({ port, evidence }: Context, { name, stage, apiId }: ApiTarget): Promise<void> {
  evidence.add({
    id: 'api.config',
    kind: 'CONFIG',
    what: `configuration of the API ${name}`,
    look: await port.api({ name, stage, apiId }),
    says: ({ integrationTimeout, accessLogGroup }) =>
      `integrations may take ${integrationTimeout ?? 'an unknown number of'} ms, access log ${accessLogGroup ?? 'off'}`,
  });
}
