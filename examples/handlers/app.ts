import { join } from 'node:path';
import { App, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Architecture, Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { AlarmMatcher, RunbookDocumentation, RunbookHandler, ServerlessMonitoring } from 'cdk-serverless-monitoring';

/** As long as the runbook may take. A new Lambda function has 3 seconds. */
const TIMEOUT = Duration.seconds(60);

/** The same runbook in three languages: `cdk deploy --context language=python`. */
const CHECKS: Record<string, (scope: Construct) => IFunction> = {
  typescript: (scope) => new NodejsFunction(scope, 'PaymentCheck', {
    runtime: Runtime.NODEJS_24_X,
    entry: join(__dirname, 'typescript', 'handler.ts'),
    timeout: TIMEOUT,
  }),

  python: (scope) => new Function(scope, 'PaymentCheck', {
    runtime: Runtime.PYTHON_3_13,
    handler: 'handler.handler',
    code: Code.fromAsset(join(__dirname, 'python'), { exclude: ['*', '!handler.py'] }),
    timeout: TIMEOUT,
  }),

  go: (scope) => new Function(scope, 'PaymentCheck', {
    runtime: Runtime.PROVIDED_AL2023,
    architecture: Architecture.ARM_64,
    handler: 'bootstrap',
    code: Code.fromCustomCommand(join(__dirname, 'go', 'dist'), ['go', 'build', '-tags', 'lambda.norpc', '-o', 'dist/bootstrap', '.'], {
      commandOptions: { cwd: join(__dirname, 'go'), env: { ...process.env, GOOS: 'linux', GOARCH: 'arm64', CGO_ENABLED: '0' } },
    }),
    timeout: TIMEOUT,
  }),
};

/** Payments, and a runbook of their own. */
class PaymentsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const monitoring = new ServerlessMonitoring(this, 'Monitoring', { alertEmails: ['oncall@example.com'] });
    const paymentCheck = CHECKS[this.node.tryGetContext('language') ?? 'typescript'](this);

    monitoring.addRunbook({
      name: 'payment-provider-down',
      handler: RunbookHandler.fromFunction(paymentCheck),
      matches: [AlarmMatcher.namePattern('payments-*'), AlarmMatcher.metric('Payments', 'Declined')],
      documentation: RunbookDocumentation.url('https://wiki.example.com/payments-down'),
      timeout: TIMEOUT,
      parameters: { statusPage: 'https://status.payments.example.com/api' },
    });
  }
}

const app = new App();
new PaymentsStack(app, 'Payments');
