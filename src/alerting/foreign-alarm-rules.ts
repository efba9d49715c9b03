import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** A pattern is at most 2,048 characters, an alarm's ARN up to about 320. */
const ALARMS_PER_RULE = 5;

/**
 * Listens to the state changes of alarms that are not ours: imported ones, and those of other stacks. Adding an action to
 * such an alarm is silently ignored, or makes the stacks depend on each other.
 */
export class ForeignAlarmRules extends Construct {
  private rule?: Rule;
  private count = 0;

  constructor(scope: Construct, id: string, private readonly queue: IQueue, private readonly deadLetterQueue: IQueue) {
    super(scope, id);
  }

  /** Sends the alarm's state changes to the queue, but for those that are muted or suppressed. */
  public listenTo(alarm: IAlarm) {
    this.checkPlace(alarm);
    if (!this.rule || this.count % ALARMS_PER_RULE === 0) {
      this.rule = new Rule(this, `Rule${this.count / ALARMS_PER_RULE}`, {
        description: 'State changes of alarms of other stacks, to the runbook executor',
        eventPattern: {
          source: ['aws.cloudwatch'],
          detailType: ['CloudWatch Alarm State Change'],
          detail: { state: { actionsSuppressedBy: [{ exists: false }] } },
        },
        targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetterQueue })],
      });
    }
    this.rule.addEventPattern({ resources: [alarm.alarmArn] });
    this.count += 1;
  }
  /** EventBridge tells a stack of its own account and region alone: a rule for another place would never match. */
  private checkPlace(alarm: IAlarm) {
    const { account, region } = Token.isUnresolved(alarm.alarmArn) ? alarm.env : Arn.split(alarm.alarmArn, ArnFormat.COLON_RESOURCE_NAME);
    const here = Stack.of(this);
    const differs = (theirs: string | undefined, ours: string) =>
      theirs !== undefined && !Token.isUnresolved(theirs) && !Token.isUnresolved(ours) && theirs !== ours;
    if (differs(account, here.account) || differs(region, here.region)) {
      throw new Error(`${this.node.path}: the alarm ${alarm.node.path} is in ${account}/${region}; a stack in ${here.account}/${here.region} never hears of it. Add it to a deployment in its own account and region.`);
    }
  }
}
