import type { FunctionFacts, LambdaFacts } from '../facts';
import { figures, idsOf, ofEach } from './judging';
import { redact } from '../../../shared/redaction';
import { round } from '../../framework/collect-metrics';
import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { duration } from '../../framework/time';
import { AGE_RISING, STEADY } from '../thresholds';

/** Failures of bringing events to the function, and of the function being there at all. */

export const poisonRecord: Rule<LambdaFacts> = {
  id: 'LE-10',
  title: 'A record blocks its stream',
  category: 'CODE',
  judge: ofEach(({ name, series, sources }) => {
    const ages = series.iteratorAge?.data?.points ?? [];
    const errors = series.errors?.data?.points ?? [];
    if (ages.length < 2 || errors.length === 0) return unknown;
    const [first, last] = [ages[0][1], ages.at(-1)![1]];
    if (last < first * AGE_RISING || last <= series.iteratorAge!.data!.before.maximum) return ruledOut(`the iterator age of ${name} is not rising`);
    const steady = errors.filter(([, count]) => count > 0).length / errors.length >= STEADY;
    if (!steady) return told(`The iterator age of ${name} rises, to ${duration(last)}, without steady errors.`, idsOf(series.iteratorAge));
    const endless = sources?.data?.some(({ maximumRetries }) => maximumRetries === undefined || maximumRetries < 0);
    return holds({
      confidence: 'MEDIUM',
      says: `${name} fails again and again while its stream waits: the iterator age rose to ${duration(last)}.`,
      cites: idsOf(series.iteratorAge, series.errors, sources),
      actions: [
        `Find the record that ${name} fails on (the first error of each try), and let the code pass over it.`,
        `Let the event source split failing batches${endless ? ', limit its retries (they are endless now)' : ''} and send what fails to a queue.`,
      ],
    });
  }),
};

export const asyncLoss: Rule<LambdaFacts> = {
  id: 'LE-11',
  title: 'Events are lost',
  category: 'DATA_LOSS',
  judge: ofEach((fn) => {
    const { name, series, delivery } = fn;
    const undelivered = (figures(series.deadLetterErrors)?.sum ?? 0) + (figures(series.destinationFailures)?.sum ?? 0);
    const dropped = figures(series.asyncDropped)?.sum ?? 0;
    const cites = idsOf(series.asyncDropped, series.deadLetterErrors, series.destinationFailures, series.asyncAge, delivery);
    const destination = delivery?.data?.onFailure ?? delivery?.data?.deadLetterTarget;
    if (undelivered > 0) {
      return holds({
        confidence: 'HIGH',
        says: `Data loss: ${round(undelivered)} failed events of ${name} could not be sent to ${destination ?? 'where they should go'}.`,
        cites,
        actions: [`Give ${name}'s role the right to send to ${destination ?? 'its dead-letter target'}, and check that the target exists and takes messages of this size.`],
      });
    }
    if (dropped > 0 && destination) {
      const waiting = figures(series.waiting);
      return told(`${round(dropped)} events of ${name} were given up and kept in ${destination}${waiting ? `, where ${round(waiting.maximum)} wait` : ''}: redrive them when it works again.`, cites);
    }
    if (dropped > 0) {
      // Where the configuration was refused there may be a target, and nothing lost.
      const certain = delivery?.data !== undefined || delivery?.status === 'NO_DATA';
      return holds({
        confidence: certain ? 'HIGH' : 'MEDIUM',
        says: `${certain ? 'Data loss' : 'Probably data loss'}: ${round(dropped)} asynchronous events of ${name} were given up${certain ? ', and nothing keeps failed events' : ''}.`,
        cites,
        actions: [`Give ${name} a failure destination at once, so that further events are kept.`, 'Find out which events are missing, and send them again from their source.'],
      });
    }
    return series.asyncDropped?.data ? ruledOut(`no asynchronous event of ${name} was given up`) : unknown;
  }),
};

export const notActive: Rule<LambdaFacts> = {
  id: 'LE-12',
  title: 'Not active',
  category: 'CONFIGURATION',
  judge: ofEach(({ name, configuration }) => {
    const data = configuration?.data;
    if (!data?.state) return unknown;
    const reason = [data.stateReasonCode, data.stateReason && redact(data.stateReason).slice(0, 120)].filter(Boolean).join(', ');
    if (data.state !== 'Active') {
      return holds({
        confidence: 'HIGH',
        says: `${name} cannot be called: its state is ${data.state}${reason ? ` (${reason})` : ''}.`,
        cites: idsOf(configuration),
        actions: [data.state === 'Inactive'
          ? `Call ${name} once: Lambda makes an idle function active again; the calls until then fail.`
          : `Put right what the reason names (role, subnets, security groups, key, image), then update ${name}.`],
      });
    }
    if (data.lastUpdateStatus === 'Failed') return told(`The last update of ${name} failed; it runs with what it had before.`, idsOf(configuration));
    return ruledOut(`${name} is active`);
  }),
};

export const recursion: Rule<LambdaFacts> = {
  id: 'LE-13',
  title: 'Recursion stopped',
  category: 'CONFIGURATION',
  judge: ofEach((fn: FunctionFacts) => {
    const { name, series } = fn;
    const stopped = figures(series.recursive)?.sum;
    if (stopped === undefined) return unknown;
    if (stopped === 0) return ruledOut(`Lambda stopped no recursion of ${name}`);
    return holds({
      confidence: 'HIGH',
      says: `Lambda stopped ${round(stopped)} calls of ${name} that it had caused itself: it writes to what triggers it.`,
      cites: idsOf(series.recursive, series.invocations),
      actions: [`Let ${name} write to another queue, topic or bucket than the one that triggers it, then send again what was stopped (its dead-letter target has it).`],
    });
  }),
};
