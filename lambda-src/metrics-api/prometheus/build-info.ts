/**
 * What `status/buildinfo` tells. By it, Grafana knows what the source can do. Without `features` it takes it for a Prometheus, and not for
 * a Mimir with rules to edit; the version is that of the Prometheus whose semantics this subset has.
 */
export const buildInfoOf = (applicationVersion: string) => ({
  version: '3.0.0',
  revision: '',
  branch: '',
  buildUser: '',
  buildDate: '',
  goVersion: '',
  application: 'cdk-serverless-monitoring',
  applicationVersion,
});
