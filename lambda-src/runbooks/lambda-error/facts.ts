import type { FailureFacts } from './failures';
import type { MemoryFacts } from './memory';
import { CLAIMED } from './series';
import type { ChangeFacts } from '../framework/collect-changes';
import type { LogFacts } from '../framework/collect-logs';
import type { CaseFile } from '../framework/definition';
import type { Item } from '../framework/evidence';
import type {
  AccountConcurrency, AsyncConfiguration, EventSource, FunctionConcurrency, FunctionConfiguration, FunctionVersions,
} from '../framework/port-lambda';
import type { SeriesFacts } from '../framework/series';
import { functionsOf } from '../framework/targets';
import type { Windows } from '../framework/windows';

const SERIES = [
  'invocations', 'errors', 'throttles', 'duration', 'concurrent', 'asyncDropped', 'asyncAge', 'deadLetterErrors', 'destinationFailures',
  'recursive', 'iteratorAge', 'waiting',
] as const;

/** What the rules ask about one function. An item without data was not seen, which is no answer. */
export interface FunctionFacts {
  readonly name: string;
  readonly windows: Windows;
  readonly failures?: Item<FailureFacts>;
  readonly configuration?: Item<FunctionConfiguration>;
  readonly concurrency?: Item<FunctionConcurrency>;
  readonly account?: Item<AccountConcurrency>;
  readonly delivery?: Item<AsyncConfiguration>;
  readonly sources?: Item<EventSource[]>;
  readonly logs?: Item<LogFacts>;
  readonly memory?: Item<MemoryFacts>;
  /** Of the function itself. */
  readonly changes?: Item<ChangeFacts>;
  /** Of its role and its key. */
  readonly policyChanges: Item<ChangeFacts>[];
  readonly series: Readonly<Partial<Record<typeof SERIES[number] | 'claimed', Item<SeriesFacts>>>>;
  readonly versions?: Item<FunctionVersions>;
  /** The newest published versions, newest last. */
  readonly byVersion: VersionFacts[];
}

export interface VersionFacts {
  readonly version: string;
  readonly errors?: Item<SeriesFacts>;
  readonly invocations?: Item<SeriesFacts>;
}

export interface LambdaFacts {
  readonly windows: Windows;
  /** The one with the most failures first. */
  readonly functions: FunctionFacts[];
}

/** A role is filed in CloudTrail by its name, a key by its ARN. */
export const roleName = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

export function factsOf(file: CaseFile): LambdaFacts {
  const functions = functionsOf(file.request).map(({ name }) => functionFacts(file, name));
  const failures = ({ failures: item }: FunctionFacts) => (item?.data?.errors ?? 0) + (item?.data?.throttles ?? 0);
  return { windows: file.windows, functions: functions.sort((a, b) => failures(b) - failures(a)) };
}

function functionFacts({ evidence, windows }: CaseFile, name: string): FunctionFacts {
  const configuration = evidence.get<FunctionConfiguration>(`config.${name}`);
  const versions = evidence.get<FunctionVersions>(`versions.${name}`);
  const { role, kmsKey } = configuration?.data ?? {};
  return {
    name,
    windows,
    failures: evidence.get(`failures.${name}`),
    configuration,
    concurrency: evidence.get(`concurrency.${name}`),
    account: evidence.get('account.concurrency'),
    delivery: evidence.get(`async.${name}`),
    sources: evidence.get(`sources.${name}`),
    logs: evidence.get(`logs.${name}`),
    memory: evidence.get(`memory.${name}`),
    changes: evidence.get(`changes.${name}`),
    policyChanges: [role && roleName(role), kmsKey].flatMap((resource) => evidence.get<ChangeFacts>(`changes.${resource}`) ?? []),
    series: {
      ...Object.fromEntries(SERIES.map((id) => [id, evidence.get(`fn.${name}.${id}`)])),
      claimed: evidence.get(CLAIMED),
    },
    versions,
    byVersion: (versions?.data?.versions ?? []).slice(-2).map(({ version }) => ({
      version,
      errors: evidence.get(`version.${name}.${version}.errors`),
      invocations: evidence.get(`version.${name}.${version}.invocations`),
    })),
  };
}
