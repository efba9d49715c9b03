import { Stack } from 'aws-cdk-lib';
import { ofType, synth } from './synth';
import { AlarmSeverity, AlertingWithRunbooks, ForeignAlarms, ServerlessMonitoring } from '../../src';

const SUPPRESSED = { state: { actionsSuppressedBy: [{ exists: false }] } };
const CHANGES = { 'source': ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] };

const patternsOf = (build: (stack: Stack) => unknown) => ofType(synth(build).resources, 'AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern).filter(Boolean);

test('alarms of a name prefix are listened to by it, and those of a tag with all others', () => {
  expect(patternsOf((stack) => new AlertingWithRunbooks(stack, 'Alerting', {
    foreignAlarms: [
      ForeignAlarms.namePrefix('prod-', { severity: AlarmSeverity.CRITICAL }), ForeignAlarms.namePrefix('shop-'),
      ForeignAlarms.tag('team', 'payments'), ForeignAlarms.tag('team', 'orders'),
    ],
  }))).toEqual([
    { ...CHANGES, detail: { ...SUPPRESSED, alarmName: [{ prefix: 'prod-' }] } },
    { ...CHANGES, detail: { ...SUPPRESSED, alarmName: [{ prefix: 'shop-' }] } },
    { ...CHANGES, detail: SUPPRESSED },
  ]);
});

test('the executor is told which they are', () => {
  const { resources } = synth((stack) => new ServerlessMonitoring(stack, 'Monitoring', {
    foreignAlarms: [ForeignAlarms.namePrefix('prod-', { severity: AlarmSeverity.CRITICAL, runbook: 'general' })],
  }).addForeignAlarms(ForeignAlarms.tag('team', 'payments')));
  const parameter = ofType(resources, 'AWS::SSM::Parameter').find(({ Properties }) => Properties.Name === '/runbooks/config/foreign/0');
  expect(JSON.parse(parameter!.Properties.Value)).toEqual({
    foreign: [{ namePrefix: 'prod-', severity: 'CRITICAL', runbook: 'general' }, { tagKey: 'team', tagValue: 'payments' }],
  });
});

test.each([
  [ForeignAlarms.namePrefix(''), "foreign alarms are asked for by the name prefix '', which has an empty part"],
  [ForeignAlarms.tag('team', ''), "foreign alarms are asked for by the tag 'team=', which has an empty part"],
  [ForeignAlarms.namePrefix('prod-', { runbook: 'nope' }), "the foreign alarms of the name prefix 'prod-'' names the runbook 'nope', which is not registered"],
])('%#: refused', (alarms, message) => {
  expect(() => synth((stack) => new AlertingWithRunbooks(stack, 'Alerting').addForeignAlarms(alarms))).toThrow(message);
});

test('the same ones twice are refused', () => {
  const twice = { foreignAlarms: [ForeignAlarms.namePrefix('prod-'), ForeignAlarms.namePrefix('prod-')] };
  expect(() => synth((stack) => new AlertingWithRunbooks(stack, 'Alerting', twice))).toThrow("the foreign alarms of the name prefix 'prod-'' is registered twice");
});
