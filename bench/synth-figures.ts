import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Figure } from './main';
import { medianOf, timed } from './median';
import { ServerlessMonitoring } from '../src';

/** What the library costs a synth: its own time, and that of an app which holds the same resources as plain ones. */
export async function synthFigures(): Promise<Figure[]> {
  process.env.CDK_VALIDATION = 'false';
  const resources = () => {
    const stack = new Stack(new App(), 'Stack');
    new ServerlessMonitoring(stack, 'Monitoring');
    return Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string; Properties?: object }>;
  };
  const plain = resources();
  const synthMs = await medianOf(5, () => timed(resources));
  const bareMs = await medianOf(5, () => timed(() => {
    const stack = new Stack(new App(), 'Stack');
    Object.entries(plain).forEach(([id, { Type, Properties }]) => new CfnResource(stack, id, { type: Type, properties: Properties }));
    Template.fromStack(stack);
  }));
  return [
    { key: 'templateResources', value: Object.keys(plain).length, unit: 'resources' },
    { key: 'synthMs', value: Math.round(synthMs), unit: 'ms' },
    { key: 'synthOverBareMs', value: Math.round(synthMs - bareMs), unit: 'ms' },
  ];
}
