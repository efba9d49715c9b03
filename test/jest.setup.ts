// The CDK's own validator takes most of a synth's time. It runs where a test asks for it (test/validation.test.ts).
process.env.CDK_VALIDATION = 'false';
// Warnings about Node 20 would stand between a reader and every test's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = '20';
