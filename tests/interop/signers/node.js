// Signs requests with the signers of both official Node SDKs: a request a line in, their work a line out.
const readline = require("readline");
const { Client, Command } = require("@volcengine/sdk-core");
const { Signer } = require("@volcengine/openapi");

const RealDate = Date;

// Repeated parameters are an array.
const parametersOf = (query) => {
  const parameters = {};
  for (const [name, value] of query) {
    parameters[name] = name in parameters ? [].concat(parameters[name], value) : value;
  }
  return parameters;
};

const dateOf = (x) => new RealDate(
  `${x.slice(0, 4)}-${x.slice(4, 6)}-${x.slice(6, 8)}T${x.slice(9, 11)}:${x.slice(11, 13)}:${x.slice(13, 15)}Z`);

const old = (asked) => {
  const request = (body) => ({
    region: asked.region,
    method: asked.method,
    pathname: asked.path_encoded,
    params: parametersOf(asked.query),
    headers: Object.fromEntries(asked.headers),
    body,
  });
  const credentials = {
    accessKeyId: asked.access_key_id,
    secretKey: asked.secret_access_key,
    sessionToken: asked.session_token || undefined,
  };
  const signed = request(asked.body);
  new Signer(signed, asked.service).addAuthorization(credentials, dateOf(asked.x_date));
  // A body is no part of a presigned request.
  const presigned = new Signer(request(undefined), asked.service).getSignUrl(credentials, dateOf(asked.x_date));
  return { headers: signed.headers, presigned };
};

// Its signer is not exported: the whole client runs, and hands over what it would have sent.
const current = async (asked) => {
  let sent;
  const client = new Client({
    accessKeyId: asked.access_key_id,
    secretAccessKey: asked.secret_access_key,
    sessionToken: asked.session_token || undefined,
    region: asked.region,
    host: asked.host,
    requestHandler: {
      request: async (config) => {
        sent = config;
        return { status: 200, statusText: "OK", headers: {}, data: { ResponseMetadata: {} } };
      },
    },
  });
  // Just before the client's own signing: the request as it is to be signed.
  client.addMiddleware(
    (next) => async (args) => {
      args.request.headers = Object.fromEntries(asked.headers);
      args.request.params = parametersOf(asked.query);
      args.request.body = asked.body;
      return next(args);
    },
    { step: "build", name: "asked", priority: 200 },
  );
  const command = new Command({});
  command.requestConfig = { method: asked.method, serviceName: asked.service, pathname: asked.path };
  // The client takes the time from the one clock there is.
  global.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [dateOf(asked.x_date)]));
    }
  };
  try {
    await client.send(command);
  } finally {
    global.Date = RealDate;
  }
  return { headers: sent.headers };
};

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    const answer = { "node-openapi": old(asked), "node-sdk-core": await current(asked) };
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
})();
