import type { Span } from './port';
import { iso } from './time';

/** Console links, per partition: a link into the wrong partition opens a log-in page of somebody else. */
export class Links {
  private readonly console: string;

  constructor(private readonly region: string) {
    this.console = `https://${region}.${consoleHost(region)}`;
  }

  alarm(name: string): string {
    return `${this.cloudWatch()}#alarmsV2:alarm/${encodeURIComponent(name)}`;
  }

  /** The metric itself, with the incident in sight. */
  metric(namespace: string, name: string, dimensions: Record<string, string>, span: Span): string {
    const path = [namespace, name, ...Object.entries(dimensions).flat()].map((part) => `~'${escapeRison(part)}`).join('');
    const graph = `~(metrics~(~(${path}))~start~'${iso(span.start)}~end~'${iso(span.end)}~region~'${this.region})`;
    return `${this.cloudWatch()}#metricsV2:graph=${graph}`;
  }

  logs(group: string, span: Span): string {
    const twice = encodeURIComponent(encodeURIComponent(group)).replace(/%/g, '$');
    return `${this.cloudWatch()}#logsV2:log-groups/log-group/${twice}/log-events$3Fstart$3D${span.start}$26end$3D${span.end}`;
  }

  changes(resource: string): string {
    return `${this.console}/cloudtrailv2/home?region=${this.region}#/events?ResourceName=${encodeURIComponent(resource)}`;
  }

  lambda(name: string): string {
    return `${this.console}/lambda/home?region=${this.region}#/functions/${encodeURIComponent(name)}`;
  }

  table(name: string): string {
    return `${this.console}/dynamodbv2/home?region=${this.region}#table?name=${encodeURIComponent(name)}&tab=monitoring`;
  }

  private cloudWatch(): string {
    return `${this.console}/cloudwatch/home?region=${this.region}`;
  }
}

function consoleHost(region: string): string {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn';
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com';
  return 'console.aws.amazon.com';
}

/** The console's own escape: `*` and two hex digits. */
function escapeRison(text: string): string {
  return [...text].map((char) => /[A-Za-z0-9_.-]/.test(char) ? char : [...Buffer.from(char)].map((byte) => `*${byte.toString(16)}`).join('')).join('');
}
