import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ServiceAlarmSpec } from '../../src/private/shared/service-alarms';

/** How long a warm process works with the list that it read. */
const FRESH_FOR = 60_000;

/** The service alarms of the deployment. They come through SSM: a function's variables would stop at 4 KB. */
export class ServiceSpecs {
  private cached?: { readonly specs: Promise<readonly ServiceAlarmSpec[]>; readonly until: number };

  /** @param path of the parameters; undefined where there are no service alarms. */
  constructor(private readonly ssm: SSMClient, private readonly path: string | undefined) {}

  public async list(now = Date.now()): Promise<readonly ServiceAlarmSpec[]> {
    if (!this.path) return [];
    if (!this.cached || this.cached.until <= now) this.cached = { specs: this.read(this.path), until: now + FRESH_FOR };
    try {
      return await this.cached.specs;
    } catch (error) {
      this.cached = undefined;
      throw error;
    }
  }

  private async read(path: string): Promise<readonly ServiceAlarmSpec[]> {
    const specs: ServiceAlarmSpec[] = [];
    let token: string | undefined;
    do {
      const page = await this.ssm.send(new GetParametersByPathCommand({ Path: path, Recursive: true, NextToken: token }));
      for (const { Value } of page.Parameters ?? []) specs.push(...JSON.parse(Value!) as ServiceAlarmSpec[]);
      token = page.NextToken;
    } while (token);
    return specs;
  }
}
