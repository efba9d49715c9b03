import { type Answer, type Command, UsageError } from './command';
import { type Examined, examine } from './doctor/examine';
import { counted, labelled } from './text';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Looks at a deployed stack for what would keep an alarm or a report from its readers',
  positionals: '',
  options: { stack: { takes: '<name>', help: 'the stack that holds the alerting' } },
  notes: [
    'Only reads, with your AWS credentials (such as those of ReadOnlyAccess). A hint tells what a runbook could see besides; it does not count.',
    'Exit code 1 where there is a finding.',
  ],
  run: async ({ one }) => {
    const stack = one('stack');
    if (stack === undefined) throw new UsageError('give --stack <name>');
    const { awsCloud } = await import('./doctor/aws-cloud');
    return answerOf(await examine(awsCloud(), stack));
  },
};

export function answerOf(examined: readonly Examined[]): Answer {
  const all = examined.flatMap(({ findings }) => findings);
  const bad = all.filter(({ level }) => level === 'FINDING').length;
  const lines = examined.flatMap(({ check, findings }) => [
    `${findings.length === 0 ? 'ok     ' : findings.some(({ level }) => level === 'FINDING') ? 'FINDING' : 'hint   '}  ${check}`,
    ...findings.flatMap(({ level, what, fix }) => labelled([[level === 'HINT' ? 'hint' : 'found', what], ['fix', fix]], '         ')),
  ]);
  const hints = all.length - bad;
  const total = `${bad === 0 ? 'No findings' : counted(bad, 'finding')}${hints > 0 ? `, ${counted(hints, 'hint')}` : ''}.`;
  return { ok: bad === 0, json: { ok: bad === 0, checks: examined }, lines: [...lines, '', total] };
}
