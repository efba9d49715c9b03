import type { Listed } from './bursts';
import { ascii, cut, MOST_SMS, sections } from './lines';
import type { Copies } from './send';
import { SEVERITIES, type Severity } from '../../src/private/shared/contract';
import { forPeople } from '../shared/redaction';

/** More than that, nobody reads on a phone. */
const MOST_LINES = 20;

/** Many reports of one minute, as one: the worst first. */
export function groupedText(listed: readonly Listed[], severity: Severity): Omit<Copies, 'json'> {
  const open = listed.filter(({ event }) => event === 'REPORT');
  const over = listed.filter(({ event }) => event === 'RESOLVED');
  const what = [...(open.length > 0 ? [`${open.length} more reports`] : []), ...(over.length > 0 ? [`${over.length} alarms OK again`] : [])].join(', ');
  const lines = (of: readonly Listed[]) => [...of].sort((a, b) => rank(a.severity) - rank(b.severity)).slice(0, MOST_LINES).map(line);
  const rest = (of: readonly Listed[]) => (of.length > MOST_LINES ? [`(${of.length - MOST_LINES} more)`] : []);
  return {
    subject: ascii(`${severity}: ${what} within a minute`),
    sms: cut(`${severity}: ${what} within a minute. ${forPeople(listed[0].alarm)} and others`, MOST_SMS),
    email: sections([
      [`${severity}: ${what} within a minute`, 'So many at once are told together. Each has its incident, with the whole report in it.'],
      open.length > 0 ? ['Reports', ...lines(open), ...rest(open)] : [],
      over.length > 0 ? ['OK again', ...lines(over), ...rest(over)] : [],
    ]),
  };
}

function line({ severity, alarm, verdict, incident }: Listed): string {
  const cause = verdict ? `: ${forPeople(verdict.title, 120)} (${forPeople(verdict.ruleId)})` : '';
  return `- ${severity} ${forPeople(alarm, 100)}${cause}. Incident ${incident}`;
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
