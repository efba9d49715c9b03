import { LocalCloud } from '../local-cloud/local-cloud';

/** The commands with which a person goes on, where the local cloud is left running. */
export function howToUse(cloud: LocalCloud, apiUrl: string): string {
  const { endpoint, certificateFile, credentials: { accessKeyId, secretAccessKey }, region } = cloud;
  return [
    'ask the API:',
    `  curl --cacert ${certificateFile} ${apiUrl}/health`,
    `  curl --cacert ${certificateFile} --aws-sigv4 aws:amz:${region}:execute-api \\`,
    `    --user ${accessKeyId}:${secretAccessKey} "${apiUrl}/metrics?service=checkout&timeRange=1h"`,
    'or look around with the AWS command line:',
    `  export AWS_ENDPOINT_URL=${endpoint} AWS_CA_BUNDLE=${certificateFile} AWS_REGION=${region}`,
    `  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    `its log is ${cloud.logFile}; stop it with`,
    `  kill -- -${cloud.pid}`,
  ].join('\n');
}
