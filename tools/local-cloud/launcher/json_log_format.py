"""Has a Node.js function with the log format JSON write what it tells the console as on AWS: one line of JSON for each call, of
whose single argument the members stay members. MiniStack writes the text that Node.js would, an object over many lines.
"""

from ministack.core import lambda_runtime

# Before the function's code is loaded; stderr is what MiniStack keeps as the log.
CONSOLE = r"""
if (process.env.AWS_LAMBDA_LOG_FORMAT === "JSON") {
  const asFields = (_key, value) => !(value instanceof Error) ? value : Object.assign(
    { errorType: value.constructor.name, errorMessage: value.message, stackTrace: String(value.stack).split("\n") }, value);
  for (const [method, level] of [["debug", "DEBUG"], ["info", "INFO"], ["log", "INFO"], ["warn", "WARN"], ["error", "ERROR"]]) {
    console[method] = (...told) => {
      const message = told.length === 1 ? told[0] : require("util").format(...told);
      const entry = { timestamp: new Date().toISOString(), level, requestId: globalThis.__requestId, message };
      process.stderr.write(JSON.stringify(entry, asFields) + "\n");
    };
  }
}
"""
INVOCATION = "const ctx = msg.ctx || {};"


def install():
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    assert script.count(INVOCATION) == 1, "MiniStack's worker has changed: see where it begins an invocation"
    lambda_runtime._NODEJS_WORKER_SCRIPT = CONSOLE + script.replace(INVOCATION, INVOCATION + " globalThis.__requestId = ctx.request_id;")

    # What it returns becomes the function's environment variables, and it is given the whole configuration.
    credentials_of = lambda_runtime.execution_credentials

    def credentials_and_format(config):
        return {**credentials_of(config), "AWS_LAMBDA_LOG_FORMAT": (config.get("LoggingConfig") or {}).get("LogFormat", "Text")}

    lambda_runtime.execution_credentials = credentials_and_format
