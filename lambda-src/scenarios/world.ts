import { lengthOf, momentsOf, spanOf, timeOf } from './relative-time';
import type { Scenario, WorldSpec } from './schema';
import { linesOf, seriesOf, serviceMinutes } from './world-metrics';
import { keysOf, scalingOf, tableOf } from './world-tables';
import { CHANGE_LAG } from '../runbooks/framework/lag';
import type { Look, LogLines, LogQuery, Port, SeriesQuery, Span } from '../runbooks/framework/port';
import { contains } from '../runbooks/framework/time';

/**
 * A cloud made of a scenario's lines, behind the same port as AWS.
 *
 * It refuses what the scenario denies, hides what lies inside a source's lag, and answers the rest at once.
 */
export class World implements Port {
  readonly usage = { apiCalls: 0, logBytesScanned: 0 };
  readonly alarmAt: number;
  readonly now: number;
  private readonly spec: WorldSpec;

  constructor(scenario: Scenario) {
    this.spec = scenario.world;
    this.alarmAt = Date.parse(scenario.alarm.at);
    this.now = timeOf(scenario.now, this.alarmAt);
  }

  async metrics(queries: SeriesQuery[], span: Span) {
    const answer = this.look(['cloudwatch:GetMetricData'], () => ok(queries.map((query) => seriesOf(this.spec, query, span, this.alarmAt, this.now))));
    return Object.fromEntries(queries.map(({ id }, index) => [id, answer.data?.[index] ?? { ...answer, data: undefined }]));
  }

  async logLines({ group, span, match, limit }: LogQuery) {
    return this.look(['logs:StartQuery', 'logs:GetQueryResults'], () => {
      const words = new RegExp(match.replace(/^\(\?i\)/, ''), match.startsWith('(?i)') ? 'i' : '');
      const all = linesOf(this.spec.logs.filter((log) => log.group === group), { ...span, end: Math.min(span.end, this.now) }, this.alarmAt);
      this.usage.logBytesScanned += all.reduce((total, { message }) => total + message.length, 0);
      return lines(all.filter(({ message }) => words.test(message)), limit);
    });
  }

  async changes({ resource, span }: { resource: string; span: Span }) {
    if (this.isAbsent('cloudtrail')) return { status: 'NOT_CONFIGURED' as const, reason: 'CloudTrail is not available' };
    return this.look(['cloudtrail:LookupEvents'], () => ok(this.spec.changes
      .map((change) => ({ ...change, at: timeOf(change.at, this.alarmAt), readOnly: /^(Get|List|Describe)/.test(change.event) }))
      .filter(({ at, resource: of }) => of === resource && contains(span, at) && at < this.now - CHANGE_LAG)));
  }

  async alarmHistory(_alarmName: string, span: Span) {
    return this.look(['cloudwatch:DescribeAlarmHistory'], () => ok(this.spec.history
      .map(({ at, from, to }) => ({ at: timeOf(at, this.alarmAt), ...(from && { from }), to }))
      .filter(({ at }) => contains(span, at))
      .sort((a, b) => a.at - b.at)));
  }

  async functionConfiguration(name: string) {
    return this.look(['lambda:GetFunctionConfiguration'], () => found(this.spec.functions[name], (fn) => {
      const { versions, aliases, reservedConcurrency, provisionedConcurrency, eventSources, async, ...configuration } = fn;
      return configuration;
    }));
  }

  async functionConcurrency(name: string) {
    return this.look(['lambda:GetFunctionConcurrency'], () => found(this.spec.functions[name], ({ reservedConcurrency }) => (
      reservedConcurrency === undefined ? {} : { reserved: reservedConcurrency })));
  }

  async provisionedConcurrency(name: string) {
    return this.look(['lambda:ListProvisionedConcurrencyConfigs'], () => found(this.spec.functions[name], (fn) => fn.provisionedConcurrency));
  }

  async functionVersions(name: string) {
    return this.look(['lambda:ListVersionsByFunction', 'lambda:ListAliases'], () => found(this.spec.functions[name], (fn) => ({
      versions: fn.versions.map(({ version, at }) => ({ version, at: timeOf(at, this.alarmAt) })), aliases: fn.aliases,
    })));
  }

  async functionEventSources(name: string) {
    return this.look(['lambda:ListEventSourceMappings'], () => found(this.spec.functions[name], (fn) => fn.eventSources));
  }

  async functionAsync(name: string) {
    return this.look(['lambda:GetFunctionEventInvokeConfig'], () => found(this.spec.functions[name]?.async, (async) => async));
  }

  async accountConcurrency() {
    const limit = this.spec.accounts.concurrency ?? 1000;
    const reserved = Object.values(this.spec.functions).reduce((total, fn) => total + (fn.reservedConcurrency ?? 0), 0);
    return this.look(['lambda:GetAccountSettings'], () => ok({ limit, unreserved: limit - reserved }));
  }

  async table(name: string) {
    return this.look(['dynamodb:DescribeTable'], () => found(this.spec.tables[name], tableOf));
  }

  async tableLimits() {
    return this.look(['dynamodb:DescribeLimits'], () => found(this.spec.accounts.dynamodb, (limits) => limits));
  }

  async tableScaling(name: string) {
    return this.look(['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScalingActivities'],
      () => found(this.spec.tables[name], (table) => scalingOf(table, this.alarmAt)));
  }

  async capacityKeys({ table, index, which }: { table: string; index?: string; which: 'THROTTLED' | 'ACCESSED' }) {
    if (this.isAbsent('contributor-insights')) return { status: 'NOT_CONFIGURED' as const, reason: 'Contributor Insights is off' };
    return this.look(['dynamodb:DescribeContributorInsights', 'cloudwatch:GetInsightRuleReport'], () => {
      const spec = this.spec.tables[table];
      return keysOf(index === undefined ? spec : spec?.indexes[index], which);
    });
  }

  async api({ name, apiId }: { name: string; apiId?: string }) {
    return this.look(['apigateway:GET'], () => found(this.spec.apis[apiId ?? name] ?? this.spec.apis[name], (api) => ({
      apiId: apiId ?? name,
      protocol: api.protocol,
      ...(api.accessLog && { accessLogGroup: api.accessLog }),
      ...(api.integrationTimeout && { integrationTimeout: api.integrationTimeout }),
    })));
  }

  async traces({ resource, span }: { resource: string; span: Span }) {
    if (this.isAbsent('xray')) return { status: 'NOT_CONFIGURED' as const, reason: 'X-Ray tracing is off' };
    return this.look(['xray:GetTraceSummaries', 'xray:BatchGetTraces'], () => found(
      this.spec.traces.filter(({ root }) => root === resource).flatMap(({ span: when, every, ...trace }) =>
        momentsOf(spanOf(when, this.alarmAt), lengthOf(every), span).map((at) => ({ at, ...trace }))),
      (traces) => traces));
  }

  async serviceSamples({ service, metric, span }: { service: string; metric: string; span: Span }) {
    return this.look(['dynamodb:Query'], () => {
      const values = this.spec.services[service]?.metrics[metric]?.values;
      const points = values ? serviceMinutes(values, { ...span, end: Math.min(span.end, this.now) }, this.alarmAt) : [];
      return points.length > 0 ? ok({ points }) : { status: 'NO_DATA' as const };
    });
  }

  async serviceQuarantine({ service }: { service: string }) {
    return this.look(['s3:GetObject', 's3:ListBucket'], () => ok(this.spec.services[service]?.quarantined ?? 0));
  }

  async serviceLines({ service, span, limit }: { service: string; span: Span; limit: number }) {
    return this.look(['s3:GetObject'], () => lines(linesOf(this.spec.services[service]?.lines ?? [], span, this.alarmAt), limit));
  }

  private look<T>(actions: string[], answer: () => Look<T>): Look<T> {
    this.usage.apiCalls += 1;
    const denied = actions.find((action) => this.spec.denied.includes(action));
    if (denied) return { status: 'ACCESS_DENIED', action: denied };
    if (actions.some((action) => this.spec.late.includes(action))) return { status: 'TIMED_OUT' };
    return answer();
  }

  private isAbsent(service: WorldSpec['absent'][number]): boolean {
    return this.spec.absent.includes(service);
  }
}

const ok = <T>(data: T): Look<T> => ({ status: 'OK', data });

function found<S, T>(spec: S | undefined, data: (spec: S) => T): Look<NonNullable<T>> {
  return spec === undefined || (Array.isArray(spec) && spec.length === 0) ? { status: 'NO_DATA' } : ok(data(spec)!);
}

function lines(all: LogLines['lines'], limit: number): Look<LogLines> {
  return all.length > 0 ? ok({ lines: all.slice(0, limit), total: all.length, sampled: false }) : { status: 'NO_DATA' };
}
