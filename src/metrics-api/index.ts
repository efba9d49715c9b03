export * from './api-authorization';
export * from './metrics-api';
export * from './metrics-api-options';
