import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmSeverity, ServerlessMonitoring, ServiceStatistic } from 'cdk-serverless-monitoring';

/** A small shop, and its monitoring. */
class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // What you have already: a function, and an API in front of it.
    const checkout = new Function(this, 'Checkout', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(join(__dirname, 'checkout')),
    });
    const orders = new RestApi(this, 'Orders');
    orders.root.addMethod('POST', new LambdaIntegration(checkout));

    // What you add: a metrics table, a log bucket, an API, alarms, and runbooks that investigate them.
    const monitoring = new ServerlessMonitoring(this, 'Monitoring', {
      alertEmails: ['oncall@example.com'],
    });
    monitoring.monitorFunction(checkout);
    monitoring.monitorApi(orders);

    // An alarm on a metric that came from the logs: five errors of the service `checkout` within one minute.
    monitoring.addServiceAlarm('CheckoutErrors', {
      service: 'checkout',
      metric: 'errors',
      statistic: ServiceStatistic.SUM,
      threshold: 5,
      period: Duration.minutes(1),
      uploadDelay: Duration.minutes(5),
      severity: AlarmSeverity.CRITICAL,
    });

    new CfnOutput(this, 'ApiUrl', { value: monitoring.apiUrl });
    new CfnOutput(this, 'LogBucketName', { value: monitoring.logBucket.bucketName });
    new CfnOutput(this, 'MetricsTableName', { value: monitoring.metricsStore.table.tableName });
    new CfnOutput(this, 'AlertTopicArn', { value: monitoring.alertTopic.topicArn });
    new CfnOutput(this, 'IncidentTableName', { value: monitoring.alerting.incidents.tableName });
  }
}

const app = new App();
new ShopStack(app, 'Shop');
