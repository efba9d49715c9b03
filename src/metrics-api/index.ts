export * from './api-authorization';
export * from './metrics-api';
