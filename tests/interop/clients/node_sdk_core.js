// The current Node SDK (@volcengine/sdk-core), unmodified: its Client with one command.
const { Client, Command } = require("@volcengine/sdk-core");
const { serve, hostOf, envelopeOf } = require("./wire");

serve(async (step) => {
  const role = step.assume_role;
  const client = new Client({
    accessKeyId: step.access_key_id,
    secretAccessKey: step.secret_access_key,
    sessionToken: step.session_token || undefined,
    region: step.region,
    host: hostOf(step),
    protocol: "http",
    // The SDK's own number of retries, without its pauses.
    retryStrategy: { strategyName: "NoBackoffStrategy" },
    assumeRoleParams: role && {
      accessKeyId: step.access_key_id,
      secretAccessKey: step.secret_access_key,
      roleName: role.name,
      accountId: role.account_id,
      host: hostOf(step),
      protocol: "http",
      region: step.region,
    },
  });
  const command = new Command(step.parameters);
  command.requestConfig = {
    method: step.method,
    serviceName: step.service,
    pathname: "/",
    params: { Action: step.action, Version: step.version },
  };
  try {
    return envelopeOf(await client.send(command));
  } catch (refused) {
    const outcome = envelopeOf(refused.data);
    return outcome.error ? outcome : { error: null, detail: String(refused) };
  }
});
