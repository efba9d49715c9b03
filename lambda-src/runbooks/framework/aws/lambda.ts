import {
  type AliasConfiguration, type FunctionConfiguration as Described, GetAccountSettingsCommand, GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand, GetFunctionEventInvokeConfigCommand, type GetFunctionEventInvokeConfigCommandOutput,
  type LambdaClient, ListAliasesCommand, ListEventSourceMappingsCommand,
  ListProvisionedConcurrencyConfigsCommand, ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { type Calls, ok } from './calls';
import type { Port } from '../port';
import type { FunctionConfiguration } from '../port-lambda';

type LambdaPart = Pick<Port, 'functionConfiguration' | 'functionConcurrency' | 'provisionedConcurrency' | 'functionVersions' | 'functionEventSources'
| 'functionAsync' | 'accountConcurrency'>;

export function lambdaCalls(calls: Calls, client: LambdaClient): LambdaPart {
  return {
    functionConfiguration: (FunctionName) => calls.look('lambda:GetFunctionConfiguration', async (options) =>
      ok(configurationOf(await calls.count(client.send(new GetFunctionConfigurationCommand({ FunctionName }), options))))),

    functionConcurrency: (FunctionName) => calls.look('lambda:GetFunctionConcurrency', async (options) => {
      const { ReservedConcurrentExecutions: reserved } = await calls.count(client.send(new GetFunctionConcurrencyCommand({ FunctionName }), options));
      return ok(reserved === undefined ? {} : { reserved });
    }),

    provisionedConcurrency: (FunctionName) => calls.look('lambda:ListProvisionedConcurrencyConfigs', async (options) => {
      const list = new ListProvisionedConcurrencyConfigsCommand({ FunctionName });
      const { ProvisionedConcurrencyConfigs = [] } = await calls.count(client.send(list, options));
      return ok(Object.fromEntries(ProvisionedConcurrencyConfigs.map(({ FunctionArn = '', RequestedProvisionedConcurrentExecutions = 0 }) =>
        [FunctionArn.split(':').at(-1)!, RequestedProvisionedConcurrentExecutions])));
    }),

    functionVersions: (FunctionName) => calls.look('lambda:ListVersionsByFunction', async (options) => {
      const versions: Described[] = [];
      let Marker: string | undefined;
      do {
        const page = await calls.count(client.send(new ListVersionsByFunctionCommand({ FunctionName, Marker }), options));
        versions.push(...page.Versions ?? []);
        Marker = page.NextMarker;
      } while (Marker);
      const { Aliases = [] } = await calls.count(client.send(new ListAliasesCommand({ FunctionName }), options));
      return ok({
        versions: versions.filter(({ Version }) => Version !== '$LATEST')
          .map(({ Version = '', LastModified = '' }) => ({ version: Version, at: Date.parse(LastModified) }))
          .sort((a, b) => Number(a.version) - Number(b.version)),
        aliases: Object.fromEntries(Aliases.map((alias) => [alias.Name!, aliasOf(alias)])),
      });
    }),

    functionEventSources: (FunctionName) => calls.look('lambda:ListEventSourceMappings', async (options) => {
      const { EventSourceMappings = [] } = await calls.count(client.send(new ListEventSourceMappingsCommand({ FunctionName }), options));
      return ok(EventSourceMappings.map((mapping) => defined({
        arn: mapping.EventSourceArn ?? 'unknown',
        state: mapping.State,
        batchSize: mapping.BatchSize,
        bisect: mapping.BisectBatchOnFunctionError,
        maximumRetries: mapping.MaximumRetryAttempts,
        lastResult: mapping.LastProcessingResult,
        onFailure: mapping.DestinationConfig?.OnFailure?.Destination,
      })));
    }),

    functionAsync: (FunctionName) => calls.look('lambda:GetFunctionEventInvokeConfig', async (options) => {
      // A dead-letter target belongs to the function itself, and is there also where asynchronous calls are not configured.
      const { DeadLetterConfig } = await calls.count(client.send(new GetFunctionConfigurationCommand({ FunctionName }), options));
      const config = await calls.count(client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }), options)).catch(noneConfigured);
      const found = defined({
        maximumAge: config.MaximumEventAgeInSeconds,
        maximumRetries: config.MaximumRetryAttempts,
        onFailure: config.DestinationConfig?.OnFailure?.Destination,
        deadLetterTarget: DeadLetterConfig?.TargetArn,
      });
      return Object.keys(found).length > 0 ? ok(found) : { status: 'NO_DATA' };
    }),

    accountConcurrency: () => calls.look('lambda:GetAccountSettings', async (options) => {
      const { AccountLimit } = await calls.count(client.send(new GetAccountSettingsCommand({}), options));
      if (AccountLimit?.ConcurrentExecutions === undefined) return { status: 'NO_DATA' };
      return ok(defined({ limit: AccountLimit.ConcurrentExecutions, unreserved: AccountLimit.UnreservedConcurrentExecutions }));
    }),
  };
}

function noneConfigured(error: unknown): Partial<GetFunctionEventInvokeConfigCommandOutput> {
  if ((error as Error).name === 'ResourceNotFoundException') return {};
  throw error;
}

/** Chosen member by member: the answer also holds the environment, which never becomes evidence. */
function configurationOf(answer: Described): FunctionConfiguration {
  return defined({
    timeout: answer.Timeout ?? 3,
    memory: answer.MemorySize ?? 128,
    runtime: answer.Runtime,
    role: answer.Role,
    kmsKey: answer.KMSKeyArn,
    vpc: answer.VpcConfig?.VpcId ? true : undefined,
    logGroup: answer.LoggingConfig?.LogGroup,
    logFormat: answer.LoggingConfig?.LogFormat,
    state: answer.State,
    stateReasonCode: answer.StateReasonCode,
    stateReason: answer.StateReason,
    lastUpdateStatus: answer.LastUpdateStatus,
    lastModified: answer.LastModified ? Date.parse(answer.LastModified) : undefined,
  });
}

function aliasOf({ FunctionVersion = '', RoutingConfig }: AliasConfiguration) {
  return { version: FunctionVersion, weights: RoutingConfig?.AdditionalVersionWeights ?? {} };
}

/** Without the members that are undefined, so that data is the same before and after JSON. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
