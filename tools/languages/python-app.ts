import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tally } from './tally';

/**
 * A Python app for real: a class in Python that implements `IRunbookHandler` is registered, and bound while the app is synthesised.
 * Python gets the CDK from PyPI, and the library from the code that was just generated; nothing is left behind.
 *
 * @param out where the generated code is, and where the rest may be
 */
export function tryPythonApp(tally: Tally, root: string, out: string): void {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packages = ['aws-cdk-lib', 'constructs'].map((name) => `${name}==${peerDependencies[name].replace('^', '')}`);
  const python = join(out, 'venv', 'bin', 'python');
  const assembly = join(out, 'python-assembly');
  const installed = tally.check('python: installs', () => {
    execFileSync('python3', ['-m', 'venv', join(out, 'venv')], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages, join(out, 'python')], { stdio: 'inherit' });
  });
  if (!installed) return;
  const ran = tally.check('python: an app with a runbook handler written in Python synthesises', () => {
    execFileSync(python, [join(__dirname, 'python-app', 'app.py')], {
      stdio: 'inherit',
      // The runtime's own cache of unpacked packages would stay.
      env: { ...process.env, CDK_OUTDIR: assembly, CDK_VALIDATION: 'false', JSII_RUNTIME_PACKAGE_CACHE: 'disabled' },
    });
  });
  if (!ran) return;
  tally.check('python: the handler is registered with its function, and that function may call what is monitored', () => {
    const { Resources } = JSON.parse(readFileSync(join(assembly, 'Python.template.json'), 'utf8'));
    const resources = Object.entries<any>(Resources);
    const [house] = resources.filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && /house/i.test(id)).map(([id]) => id);
    const [checkout] = resources.filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('Checkout')).map(([id]) => id);
    const tables = JSON.stringify(resources.filter(([, { Type }]) => Type === 'AWS::SSM::Parameter').map(([, { Properties }]) => Properties));
    if (!house || !tables.includes(`{"Fn::GetAtt":["${house}","Arn"]}`)) throw new Error(`no runbook table names the function ${house}`);
    const allowed = resources.some(([id, { Type, Properties }]) => Type === 'AWS::IAM::Policy' && /house/i.test(id)
      && JSON.stringify(Properties).includes('lambda:InvokeFunction') && JSON.stringify(Properties).includes(checkout));
    if (!allowed) throw new Error(`${house} may not call ${checkout}`);
  });
}
