import type { FunctionFacts, LambdaFacts } from '../facts';
import { failuresInWords } from '../failures';
import { idsOf } from './judging';
import { ALARM_METRIC } from '../../framework/collect-alarm';
import { holds, type Rule } from '../../framework/decide';
import { recovery } from '../../framework/recovery';

export const recovered: Rule<LambdaFacts> = {
  id: 'LE-15',
  title: 'Recovered',
  category: 'RECOVERED',
  judge: ({ windows, functions }) => recovery(windows, {
    says: 'The metric is healthy again.', cites: functions.flatMap(({ failures }) => idsOf(failures)),
  }),
};

export const inconclusive: Rule<LambdaFacts> = {
  id: 'LE-00',
  title: 'Inconclusive',
  category: 'INCONCLUSIVE',
  judge: ({ functions }) => {
    const [worst] = functions;
    if (!worst) {
      return holds({
        confidence: 'LOW',
        says: 'The alarm names no function, and none is registered for it, so nothing could be looked at.',
        cites: [ALARM_METRIC],
        actions: ['Register the function with the monitoring construct (monitorFunction).'],
      });
    }
    const { name, failures } = worst;
    return holds({
      confidence: 'LOW',
      says: `None of what was checked (${checked(worst).join(', ') || 'nothing could be'}) tells why ${functions.map((fn) => fn.name).join(', ')} fails.`,
      cites: [...idsOf(failures, worst.logs), ALARM_METRIC],
      actions: [`Read the log of ${name} from the onset on.`],
    });
  },
};

/** The failures by type belong into every summary, whatever the verdict. */
export function failureFigures({ functions }: LambdaFacts): string | undefined {
  const data = functions[0]?.failures?.data;
  return data && `${functions.length > 1 ? functions[0].name : 'Failures'}: ${failuresInWords(data)}.`;
}

/** Looks that were answered, also those whose answer was that there is nothing. */
function checked({ configuration, concurrency, account, series, logs, memory, changes, policyChanges, delivery, sources }: FunctionFacts): string[] {
  const looks = {
    errors: [series.errors],
    throttles: [series.throttles],
    durations: [series.duration],
    log: [logs],
    memory: [memory],
    configuration: [configuration],
    concurrency: [concurrency, account],
    changes: [changes, ...policyChanges],
    events: [delivery, sources],
  };
  return Object.entries(looks)
    .filter(([, items]) => items.every((item) => item?.status === 'OK' || item?.status === 'NO_DATA'))
    .map(([name]) => name);
}
