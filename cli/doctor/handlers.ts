import type { Cloud } from './cloud';
import { type Finding, finding } from './finding';
import { Env } from '../../src/private/shared/environment';
import type { RunbookEntry } from '../../src/private/shared/runbook-table';

/** Whether every runbook's handler is there, and can answer in time. */
export async function handlers(cloud: Cloud, runbooks: readonly RunbookEntry[]): Promise<Finding[]> {
  const found = await Promise.all(runbooks.map((runbook) => handler(cloud, runbook)));
  return found.flat();
}

async function handler(cloud: Cloud, { name, functionArn, stateMachineArn, timeout }: RunbookEntry): Promise<Finding[]> {
  if (functionArn) {
    const fn = await cloud.lambdaFunction(functionArn);
    if (!fn) return [gone('function', name, functionArn)];
    if (fn.timeout < timeout) {
      return [finding(
        `the function of ${name} stops after ${fn.timeout} s, the runbook may take ${timeout} s`,
        `set the function's timeout to ${timeout} s or more, or the runbook's lower`,
      )];
    }
  }
  if (stateMachineArn) {
    const type = await cloud.stateMachineType(stateMachineArn);
    if (!type) return [gone('state machine', name, stateMachineArn)];
    if (type !== 'EXPRESS') {
      return [finding(
        `the state machine of ${name} is ${type}, and only an EXPRESS one can be waited for: ${stateMachineArn}`,
        'register one with stateMachineType: StateMachineType.EXPRESS; the type of one that is there cannot be changed',
      )];
    }
  }
  return [];
}

function gone(kind: string, name: string, arn: string): Finding {
  return finding(`the ${kind} of ${name} does not exist: ${arn}`, `deploy again, or register the runbook with a ${kind} that is there`);
}

/** Whether the executor, which is one of the stack's functions, may call every handler. */
export async function executorRole(
  cloud: Cloud, runbooks: readonly RunbookEntry[], { functions, prefix }: { readonly functions: readonly string[]; readonly prefix: string },
): Promise<Finding[]> {
  const facts = await Promise.all(functions.map((name) => cloud.lambdaFunction(name)));
  const executor = facts.find((fn) => fn?.variables[Env.RUNBOOK_PARAMETER_PREFIX] === prefix);
  if (!executor) {
    return [finding(
      `no function of the stack has the variable ${Env.RUNBOOK_PARAMETER_PREFIX}=${prefix}, as the executor does: nothing investigates an alarm`,
      'deploy again to restore the executor',
    )];
  }
  const found = await Promise.all(runbooks.map((runbook) => permission(cloud, executor.role, runbook)));
  return found.flat();
}

async function permission(cloud: Cloud, role: string, { name, functionArn, stateMachineArn }: RunbookEntry): Promise<Finding[]> {
  const arn = functionArn ?? stateMachineArn;
  if (!arn) return [];
  const action = functionArn ? 'lambda:InvokeFunction' : 'states:StartSyncExecution';
  const decision = await cloud.decision(role, action, arn);
  if (decision === 'allowed') return [];
  return [finding(`the executor's role must call ${action} for ${name}, and may not (${decision}): ${role} on ${arn}`, ALLOW_AGAIN[decision])];
}

const ALLOW_AGAIN = {
  implicitDeny: 'deploy again to restore the role\'s policy, which names every handler; a permissions boundary must allow it too',
  explicitDeny: 'find the statement that denies it (the role\'s own, its boundary\'s or your organization\'s), and leave the role out of it',
};
