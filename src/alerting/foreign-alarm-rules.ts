import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Changes of alarms that are neither muted nor suppressed. */
const CHANGES = { source: ['aws.cloudwatch'], detailType: ['CloudWatch Alarm State Change'] };
const NOT_SUPPRESSED = { state: { actionsSuppressedBy: [{ exists: false }] } };
/** A pattern is at most 2,048 characters, an alarm's ARN up to about 320. */
const ALARMS_PER_RULE = 5;

/**
 * Listens to the state changes of alarms that are not ours: imported ones, and those of other stacks. Adding an action to
 * such an alarm is silently ignored, or makes the stacks depend on each other.
 */
export class ForeignAlarmRules extends Construct {
  private rule?: Rule;
  private count = 0;
  private prefixes = 0;

  constructor(scope: Construct, id: string, private readonly queue: IQueue, private readonly deadLetterQueue: IQueue) {
    super(scope, id);
  }

  /** Sends the alarm's state changes to the queue, but for those that are muted or suppressed. */
  public listenTo(alarm: IAlarm) {
    this.checkPlace(alarm);
    if (!this.rule || this.count % ALARMS_PER_RULE === 0) {
      this.rule = this.listen(`Rule${this.count / ALARMS_PER_RULE}`, {});
    }
    this.rule.addEventPattern({ resources: [alarm.alarmArn] });
    this.count += 1;
  }

  /** The same, for the alarms whose name begins so. */
  public listenToPrefix(prefix: string) {
    this.listen(`Prefix${this.prefixes++}`, { alarmName: [{ prefix }] });
  }

  /** The same, for all alarms of the account: the executor itself leaves out those that are not meant. */
  public listenToAll() {
    if (!this.node.tryFindChild('All')) this.listen('All', {});
  }

  private listen(id: string, detail: object): Rule {
    return new Rule(this, id, {
      description: 'State changes of alarms of other stacks, to the runbook executor',
      eventPattern: { ...CHANGES, detail: { ...NOT_SUPPRESSED, ...detail } },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetterQueue })],
    });
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
