// The older Node SDK (@volcengine/openapi), unmodified: its Service with one action.
const { Service } = require("@volcengine/openapi");
const { serve, hostOf, envelopeOf } = require("./wire");

serve(async (step) => {
  const service = new Service({
    accessKeyId: step.access_key_id,
    secretKey: step.secret_access_key,
    sessionToken: step.session_token || undefined,
    region: step.region,
    serviceName: step.service,
    defaultVersion: step.version,
    host: hostOf(step),
    protocol: "http:",
  });
  const action = step.method === "GET"
    ? service.createAPI(step.action, { method: "GET" })
    : service.createJSONAPI(step.action);
  try {
    return envelopeOf(await action(step.parameters));
  } catch (broken) {
    return { error: null, detail: String(broken) };
  }
});
